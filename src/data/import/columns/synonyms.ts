import type { ShopTable } from '../../shop-tables.ts';
import { inTurn, names, type Synonyms } from './synonym-tiers.ts';
import { CUSTOMER, OF_THE_ORDER, ORDER, ORDER_DATE } from './synonyms-of-orders.ts';
import { OTHER_SCRIPTS } from './synonyms-of-other-scripts.ts';

const PRODUCT: Synonyms = [
  names(`
      productno productnumber productnr productcode productkey stockcode sku productsku
      lineitemsku itemsku productinternalreference
    `),
  names(`
      itemid itemno itemnumber itemcode articleid articleno articlenumber materialid upc ean
      gtin barcode asin
    `),
  names(`
      produktnummer produktnr produktid artikelnummer artikelnr artikelid artnr idproduit refproduit
      referenceproduit codeproduit codearticle refarticle reference idproducto codigoproducto codigodeproducto
      referencia idprodotto codiceprodotto codicearticolo idproduto codigoproduto productnummer
      artikelcode kodproduktu idproduktu symbol tuotenumero
    `),
  // Beside a number or code this is the product's name.
  names('product article'),
  names(OTHER_SCRIPTS.product_id),
];
const PRODUCT_NAME: Synonyms = [
  names(
    'lineitemname itemname productdisplayname producttitle productdescription itemdescription articlename memodescription',
  ),
  names(`
      produktname artikelname artikelbezeichnung produktbezeichnung produit nomproduit nomduproduit
      libelle libelleproduit designation articulo nombreproducto nombredelproducto descripcion
      nomeprodotto nomeproduto descricao descrizione productnaam artikelnaam produktnamn varenavn
      nazwaproduktu nazwatowaru tuotenimi tuote nazevproduktu
    `),
  names(OTHER_SCRIPTS.product_name),
  names('description title item name'),
  names('bezeichnung product article produkt artikel producto prodotto produto nazwa'),
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
      productprice priceunit
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
      names('amount total revenue sales value spend spent gmv turnover'),
      // Beside a total it is the method of payment.
      names('payment'),
      names('price dollars euros subtotal'),
      names('gross grossamount grosstotal grosssales brutto'),
      names(`
      gesamtbetrag bestellsumme bestellwert auftragswert rechnungsbetrag gesamtsumme gesamtpreis endbetrag
      montanttotal totalcommande montantcommande totalttc montantttc importetotal totalpedido totalfactura
      importepedido importototale totaleordine totaleordini valortotal valorpedido totaalbedrag
      ordertotaal totalbelopp totalbelob kwotazamowienia wartosczamowienia sumazamowienia kokonaissumma
    `),
      names(`
      betrag summe umsatz bruttobetrag montant importe importo bedrag totaal belopp belob kwota wartosc
      suma razem totale valor somme celkem castka celkovacena belobialt samlet
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
      qty lineitemquantity itemquantity orderquantity orderqty quantityordered quantitysold unitssold productuomqty
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
      lineitemtotal linesubtotal pricesubtotal
    `),
      names('totalprice totalamount amount total revenue sales salesamount value pricepaid'),
      names(`
      positionsbetrag positionssumme zeilensumme zeilenbetrag zwischensumme gesamtpreis totalligne montantligne
      totallinea importelinea totaleriga importoriga totallinha regeltotaal radsumma wartoscpozycji
    `),
      names('betrag summe umsatz montant importe importo bedrag kwota wartosc totale valor'),
      names(`${OTHER_SCRIPTS.line_total} ${OTHER_SCRIPTS.amount}`),
      // The order's, if it repeats over its lines.
      names(OTHER_SCRIPTS.total_amount),
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
    customer_id: [...CUSTOMER.slice(0, 3), names('id')],
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
    product_name: [
      ...PRODUCT_NAME.slice(0, 1),
      names('name title item'),
      names('description product article'),
    ],
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
