import type { ShopTable } from '../../shop-tables.ts';
import { OTHER_SCRIPTS } from './synonyms-of-other-scripts.ts';

/**
 * Synonyms of each field, in tiers: a column of an earlier tier wins over one of a later tier; two columns of one tier
 * are ambiguous. Names are compared without case, accents and separators, so `Customer ID` is `customerid`.
 * The field's own name is always the first tier.
 */
export type Synonyms = readonly (readonly string[])[];

/** One tier: comparable names with spaces or line ends between them. */
function names(text: string): readonly string[] {
  const comparable = text.normalize('NFKD').replace(/\p{Mark}+/gu, '');
  return comparable.trim().split(/\s+/);
}

/** One tier per name, so that an optional field is never ambiguous. */
function inTurn(text: string): Synonyms {
  return names(text).map((name) => [name]);
}

const CUSTOMER: Synonyms = [
  names('customer customerno customernumber customernr customercode customerkey custid custno cid'),
  names(`
      clientid clientno client userid user buyerid buyerusername buyer memberid member shopperid accountid
      contactid householdid householdkey visitorid customeruniqueid
    `),
  names(`
      kunde kundennummer kundennr kundenid kdnr kundeid kundnummer kundnr client idclient numeroclient
      nclient codeclient acheteur cliente idcliente codigocliente numerocliente codicecliente klant
      klantnummer klantid klantnr klient idklienta nrklienta asiakas asiakasnumero zakaznik
    `),
  names(`
      customeremail buyeremail billingemail email emailaddress mailadresse emailadresse kundenemail
      adresseemail emailclient correoelectronico correo emailcliente emailklienta
    `),
  names(OTHER_SCRIPTS.customer_id),
  names(`nomduclient nomclient customername clientname buyername kundenname nombredelcliente nombrecliente
    nomecliente klantnaam ${OTHER_SCRIPTS.customer_name}`),
];
const ORDER: Synonyms = [
  names(`
      order orderno ordernumber ordernr ordercode orderkey salesordernumber salesorderid ordernum
    `),
  names(`
      invoice invoiceno invoiceid invoicenumber invoicenr transactionid transaction transactionno
      transactionnumber receiptid receiptno receipt receiptnumber basketid purchaseid saleid salesid
      bookingid checkoutid ticketid
    `),
  names(`
      bestellung bestellnummer bestellnr bestellid auftrag auftragsnummer auftragsnr auftragsid belegnummer
      belegnr bonnummer commande ncommande ndecommande numerodecommande numerocommande nocommande idcommande referencecommande
      pedido npedido ndepedido numeropedido numerodepedido nopedido idpedido codigopedido ordine nordine
      numeroordine idordine ordernummer bestelnummer bestelling bestelnr ordrenummer ordrenr zamowienie
      nrzamowienia numerzamowienia idzamowienia tilausnumero tilaus cisloobjednavky objednavka
    `),
  names(`
      rechnung rechnungsnummer rechnungsnr facture nfacture numerofacture factura numerofactura nfactura
      fattura numerofattura nfattura fatura factuur factuurnummer faktura fakturanummer fakturanr
      nrfaktury numerfaktury
    `),
  names(OTHER_SCRIPTS.order_id),
  names('usersession sessionid'),
];
const ORDER_DATE: Synonyms = [
  names(`
      orderdatetime orderedat orderedon ordertime ordertimestamp dateordered orderpurchasetimestamp
    `),
  names(`
      invoicedate invoicedatetime purchasedate purchasedat purchasetimestamp transactiondate
      transactiontime transactiontimestamp transactiondatetime saledate salesdate dateofpurchase
      bookingdate receiptdate transdate trandate
    `),
  names(`
      date datetime timestamp createdat createdon created creationdate datecreated eventtime day dateadd
    `),
  names(`
      bestelldatum auftragsdatum bestellzeitpunkt datecommande datedecommande datedelacommande fechapedido
      fechadepedido fechadelpedido dataordine datadellordine datapedido datadopedido besteldatum orderdatum
      ordredato bestillingsdato datazamowienia tilauspaiva datumobjednavky
    `),
  names(`
      rechnungsdatum kaufdatum verkaufsdatum datefacture datedefacture datedachat datevente fechafactura
      fechadecompra fechacompra fechaventa datafattura dataacquisto datacompra factuurdatum fakturadatum
      dataakupu datasprzedazy belegdatum
    `),
  names('datum fecha data dato zeitpunkt horodatage paivamaara'),
  names(OTHER_SCRIPTS.order_date),
  names('paidat paiddate datepaid'),
  // The time of day alone, unless the file has no date.
  names('time'),
];
/** What a row says of itself, for orders and for lines that carry their order's columns. */
const OF_THE_ORDER: Readonly<Record<string, Synonyms>> = {
  order_status: [
    names('status'),
    ...inTurn(
      'orderstate transactionstatus fulfillmentstatus deliverystatus eventtype eventname event transactiontype',
    ),
    names(`
      bestellstatus auftragsstatus statut statutcommande statutdelacommande etat etatcommande estado
      estadopedido estadodelpedido stato statoordine statodellordine situacao orderstatus bestelstatus
      statuszamowienia stan tila stav stavobjednavky
    `),
    names(OTHER_SCRIPTS.order_status),
    // Words such as Sale and Return; a word that is no status counts as a sale.
    ...inTurn(
      'ordertype saletype salestype documenttype rowtype recordtype type belegart vorgangsart typ tipo',
    ),
  ],
  payment_status: inTurn(`
    financialstatus paymentstate paystatus zahlungsstatus bezahlstatus statutpaiement statutdepaiement
    estadopago estadodelpago estadodepago statopagamento situacaopagamento betaalstatus statusplatnosci
    ispaid paid bezahlt payee pagado pagato pago betaald
  `),
  cancelled_at: inTurn(
    'canceledat cancelleddate canceleddate cancellationdate datecancelled cancelled canceled iscancelled iscanceled',
  ),
  is_test: inTurn('testorder testmode test'),
  is_live: inTurn('livemode'),
  refunded_amount: inTurn(
    'amountrefunded totalrefunded refundamount refundtotal refundedtotal orderrefund refundvalue refunds refund erstattung erstattungsbetrag montantrembourse importereembolsado reembolso rimborso',
  ),
  currency: inTurn(
    'currencycode ordercurrency ordercurrencycode currencyiso wahrung waehrung devise moneda valuta waluta',
  ),
  country: inTurn(
    'customercountry billingcountry countrycode shippingcountry shipcountry land pays pais paese kraj',
  ),
  channel: inTurn('saleschannel orderchannel marketplace sourcename source platform'),
};
const PRODUCT: Synonyms = [
  names(`
      product productno productnumber productnr productcode productkey stockcode sku productsku
      lineitemsku itemsku
    `),
  names(`
      itemid itemno itemnumber itemcode articleid articleno articlenumber article materialid upc ean
      gtin barcode asin
    `),
  names(`
      produktnummer produktnr produktid artikelnummer artikelnr artikelid artnr idproduit refproduit
      referenceproduit codeproduit codearticle refarticle reference idproducto codigoproducto codigodeproducto
      referencia idprodotto codiceprodotto codicearticolo idproduto codigoproduto productnummer
      artikelcode kodproduktu idproduktu symbol tuotenumero
    `),
  names(OTHER_SCRIPTS.product_id),
];
const PRODUCT_NAME: Synonyms = [
  names('lineitemname itemname producttitle productdescription itemdescription articlename'),
  names(`
      produktname artikelname artikelbezeichnung produktbezeichnung produit nomproduit nomduproduit
      libelle libelleproduit designation articulo nombreproducto nombredelproducto descripcion
      nomeprodotto nomeproduto descricao descrizione productnaam artikelnaam produktnamn varenavn
      nazwaproduktu nazwatowaru tuotenimi tuote nazevproduktu
    `),
  names(OTHER_SCRIPTS.product_name),
  names('description title item name'),
  names('bezeichnung produkt artikel producto prodotto produto nazwa'),
];
const CATEGORY: Synonyms = [
  names(`
      category categoryname productcategoryname itemcategory department producttype productgroup
      productline
    `),
  names('categoryid categorycode type'),
];
const UNIT_PRICE: Synonyms = [
  names(`
      priceperunit priceeach lineitemprice itemprice unitcost sellingprice saleprice salesprice
      productprice
    `),
  names(`
      einzelpreis stuckpreis preisprostuck prixunitaire preciounitario precounitario
      prezzounitario stukprijs eenheidsprijs styckpris stykpris cenajednostkowa yksikkohinta ${OTHER_SCRIPTS.unit_price}
    `),
  names('price rate'),
  names('preis prix precio preco prezzo prijs pris cena hinta'),
];

export const SYNONYMS: Readonly<Record<ShopTable, Readonly<Record<string, Synonyms>>>> = {
  orders: {
    order_id: [...ORDER, names('id name')],
    customer_id: CUSTOMER,
    order_date: ORDER_DATE,
    ...OF_THE_ORDER,
    total_amount: [
      names(`
      ordertotal orderamount ordervalue totalprice totalvalue grandtotal invoicetotal invoiceamount
      invoicevalue totalsales totalspent totalpaid totalpaidtaxincl totaldue paymentvalue transactionamount
      transactionvalue purchaseamount purchasevalue salesamount saleamount pricepaid amountpaid
      netamount
    `),
      names('amount total revenue sales value spend spent gmv turnover payment'),
      names('price dollars euros subtotal'),
      names(`
      gesamtbetrag bestellsumme bestellwert auftragswert rechnungsbetrag gesamtsumme gesamtpreis endbetrag
      montanttotal totalcommande montantcommande totalttc montantttc importetotal totalpedido totalfactura
      importepedido importototale totaleordine totaleordini valortotal valorpedido totaalbedrag
      ordertotaal totalbelopp totalbelob kwotazamowienia wartosczamowienia sumazamowienia kokonaissumma
    `),
      names(`
      betrag summe umsatz bruttobetrag montant importe importo bedrag totaal belopp belob kwota wartosc
      suma razem totale valor somme
    `),
      names(OTHER_SCRIPTS.total_amount),
      names(OTHER_SCRIPTS.amount),
    ],
    discount_percent: [names('discountpct discountpercentage discountrate')],
    shipping_cost: [
      names('shipping shippingamount shippingprice freight freightvalue shippingfee deliverycost'),
    ],
  },
  order_items: {
    order_item_id: [
      names('orderitem lineid lineitemid orderlineid lineno linenumber orderlinenumber orderline'),
    ],
    order_id: [...ORDER, names('id')],
    product_id: PRODUCT,
    product_name: PRODUCT_NAME,
    product_category: CATEGORY,
    quantity: [
      names(`
      qty lineitemquantity itemquantity orderquantity orderqty quantityordered quantitysold unitssold
    `),
      names('units count pieces pcs'),
      names(
        'menge anzahl stuckzahl stuck quantite qte cantidad uds unidades quantita qta quantidade aantal antal antall ilosc maara kusy pocet '.concat(
          OTHER_SCRIPTS.quantity,
        ),
      ),
    ],
    unit_price: UNIT_PRICE,
    line_total: [
      names(`
      lineamount lineprice linevalue itemtotal extendedprice extendedamount rowtotal linesales
      lineitemtotal
    `),
      names('totalprice totalamount amount total revenue sales salesamount value pricepaid'),
      names(`
      positionsbetrag positionssumme zeilensumme zeilenbetrag gesamtpreis totalligne montantligne
      totallinea importelinea totaleriga importoriga totallinha regeltotaal radsumma wartoscpozycji
    `),
      names('betrag summe umsatz montant importe importo bedrag kwota wartosc totale valor'),
      names(`${OTHER_SCRIPTS.line_total} ${OTHER_SCRIPTS.amount}`),
    ],
    line_discount: inTurn(`
      discount itemdiscount lineitemdiscount discountpercent discountpct discountpercentage discountrate discountamount
    `),
    order_total: [
      names(
        'ordertotal orderamount ordervalue invoicetotal invoiceamount invoicevalue grandtotal baskettotal carttotal',
      ),
    ],
    customer_id: CUSTOMER,
    order_date: ORDER_DATE,
    ...OF_THE_ORDER,
  },
  customers: {
    customer_id: [...CUSTOMER.slice(0, 2), names('id')],
    person_id: inTurn('customeruniqueid uniquecustomerid mastercustomerid'),
    country: OF_THE_ORDER.country ?? [],
    channel: inTurn('saleschannel acquisitionchannel source'),
    first_name: [names('firstname givenname forename')],
    last_name: [names('lastname surname familyname')],
    email: [names('emailaddress customeremail mail')],
    phone: [names('phonenumber telephone mobile tel')],
    address: [names('address1 streetaddress street addressline1')],
    city: [names('customercity town')],
    state: [names('customerstate province region')],
    zip_code: [names('zip postcode postalcode customerzipcodeprefix zipcodeprefix')],
    registration_date: [
      names(`
      registeredat registrationdatetime signupdate signedupat joindate joinedat membersince createdat
      datecreated created
    `),
    ],
    customer_segment: [names('segment tier customertype membership')],
  },
  product_catalog: {
    product_id: [...PRODUCT, names('id')],
    product_name: [...PRODUCT_NAME.slice(0, 1), names('name title item'), names('description')],
    product_category: CATEGORY,
    description: [names('longdescription details')],
    features: [names('productfeatures attributes')],
    price: [
      ...UNIT_PRICE.slice(0, 1),
      names('unitprice listprice retailprice standardprice msrp'),
      names('rate'),
    ],
    stock_quantity: [names('stock stocklevel inventory inventoryquantity quantityinstock onhand')],
  },
};
