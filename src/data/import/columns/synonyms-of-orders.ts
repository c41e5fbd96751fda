import { inTurn, names, type Synonyms } from './synonym-tiers.ts';
import { OTHER_SCRIPTS } from './synonyms-of-other-scripts.ts';

export const CUSTOMER: Synonyms = [
  names('idcustomer customerno customernumber customernr customercode customerkey custid custno cid'),
  names('customer'),
  names(`
      clientid clientno client userid user buyerid buyerusername buyer memberid member shopperid accountid
      contactid householdid householdkey visitorid customeruniqueid
    `),
  names(`
      kundennummer kundennr kundenid kdnr kundeid kundenummer kundenr kundnummer kundnr cislozakaznika partnerid idclient numeroclient nclient codeclient
      idcliente codigocliente numerocliente codicecliente klantnummer klantid klantnr idklienta nrklienta
      asiakasnumero
    `),
  names('kunde client acheteur cliente klant klient asiakas zakaznik comprador usernamebuyer'),
  names(`
      customeremail buyeremail billingemail email emailaddress mailadresse emailadresse kundenemail
      adresseemail emailclient correoelectronico correo emailcliente emailklienta klientemail contactemail
      clientemail useremail purchaseremail payeremail billingemailaddress ordercustomeremail orderemail
      customeremailaddress emailbilling emailkupujacego courriel eposta musterieposta
      emailadres purchaseemail accountemail
    `),
  names(OTHER_SCRIPTS.customer_id),
  names('cardcode accountcode userpseudoid'),
  names(`nomduclient nomclient customername clientname buyername kundenname nombredelcliente nombrecliente
    nomecliente klantnaam ${OTHER_SCRIPTS.customer_name}`),
];
export const ORDER: Synonyms = [
  names(`
      idorder orderno ordernumber ordernr ordercode orderkey salesordernumber salesorderid ordernum
    `),
  names('order'),
  names(`
      orderreference orderref saleorder salesorder auftragsreferenz bestellreferenz referenciadepedido referenciadelpedido
      riferimentoordine riferimentodellordine bestelreferentie ordrereferanse orderreferens
    `),
  names(`
      invoiceno invoiceid invoicenumber invoicenr transactionid transactionno
      transactionnumber receiptid receiptno receiptnumber basketid purchaseid saleid salesid
      bookingid checkoutid ticketid
    `),
  names('invoice transaction receipt'),
  names(`
      bestellnummer bestellnr bestellid auftragsnummer auftragsnr auftragsid belegnummer
      belegnr bonnummer ncommande ndecommande numerodecommande numerocommande nocommande idcommande referencecommande
      npedido ndepedido numeropedido numerodepedido numerodopedido numerodelpedido nopedido idpedido codigopedido nordine
      numeroordine idordine ordernummer bestelnummer bestelnr ordrenummer ordrenr
      nrzamowienia numerzamowienia idzamowienia tilausnumero cisloobjednavky
    `),
  names('bestellung auftrag commande pedido ordine bestelling zamowienie tilaus objednavka'),
  names(`
      rechnungsnummer rechnungsnr bon beleg bonid nfacture numerofacture numerofactura nfactura numerofattura nfattura
      factuurnummer fakturanummer fakturanr nrfaktury numerfaktury
    `),
  names('rechnung facture factura fattura fatura factuur faktura'),
  names(OTHER_SCRIPTS.order_id),
  names('documentnumber documentno docnumber docnum num number nr'),
  names('usersession sessionid'),
];
export const ORDER_DATE: Synonyms = [
  names(`
      orderdatetime orderedat orderedon dateorder ordertime ordertimestamp dateordered orderpurchasetimestamp
    `),
  names(`
      invoicedate invoicedatetime purchasedate purchasedat purchasetimestamp transactiondate
      transactiontime transactiontimestamp transactiondatetime saledate salesdate dateofpurchase
      bookingdate receiptdate transdate trandate ordercreationdate ordercreateddate docdate documentdate invoicecreatedat
    `),
  names(`
      date datetime timestamp createdat createdon created creationdate createdate createddate datecreated
      eventtime eventdate day dateadd dateadded dateplaced placedat placedon createdtime creationtime
    `),
  names(`
      bestelldatum auftragsdatum bestellzeitpunkt datecommande datedecommande datedelacommande fechapedido
      fechadepedido fechadelpedido dataordine datadellordine datapedido datadopedido besteldatum orderdatum
      ordredato bestillingsdato datazamowienia datazlozenia tilauspaiva datumobjednavky siparistarihi
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
export const OF_THE_ORDER: Readonly<Record<string, Synonyms>> = {
  order_status: [
    names('status'),
    ...inTurn(
      'orderstate bookingstatus reservationstatus salestatus salesstatus purchasestatus receiptstatus invoicestate invoicestatus transactionstatus fulfillmentstatus deliverystatus eventtype eventname event transactiontype',
    ),
    names(`
      bestellstatus auftragsstatus statut statutcommande statutdelacommande etat etatcommande estado
      estadopedido estadodelpedido stato statoordine statodellordine situacao orderstatus bestelstatus
      statuszamowienia stan tila stav stavobjednavky durum siparisdurumu stare starecomanda tilstand allapot
      κατασταση الحالة حالةالطلب
    `),
    names(OTHER_SCRIPTS.order_status),
    // Words such as Sale and Return; a word that is no status counts as a sale.
    ...inTurn(
      'ordertype saletype salestype documenttype doctype rowtype recordtype type belegart dokumentart vorgangsart tipodocumento tipodedocumento tipodoc typededocument typedocument typdokumentu typ tipo',
    ),
  ],
  payment_status: inTurn(`
    financialstatus returnrefundstatus paymentstate paystatus zahlungsstatus bezahlstatus statutpaiement statutdepaiement
    estadopago estadodelpago estadodepago statopagamento situacaopagamento betaalstatus statusplatnosci
    ispaid paid bezahlt payee pagado pagato pago betaald
  `),
  cancelled_at: inTurn(
    'canceledat cancelleddate canceleddate cancellationdate datecancelled fullyrefunded isrefunded cancelled canceled iscancelled iscanceled storno storniert stornokz stornokennzeichen storniertam iststorniert stornodatum annule annulee anulado cancelado annullato geannuleerd annulleret avbruten',
  ),
  is_test: inTurn('testorder testmode test'),
  is_live: inTurn('livemode'),
  refunded_amount: inTurn(
    'amountrefunded refundstotal totalrefunds totalrefunded refundamount refundtotal refundedtotal orderrefund refundvalue refunds refund partialrefund erstattung erstattungsbetrag montantrembourse importereembolsado reembolso rimborso',
  ),
  currency: inTurn(
    'currencycode ordercurrency ordercurrencycode currencyiso wahrung waehrung devise moneda valuta waluta',
  ),
  country: inTurn(
    'customercountry billingcountry countrycode shippingcountry shipcountry land pays pais paese kraj',
  ),
  channel: inTurn('saleschannel orderchannel marketplace sourcename source platform'),
};
