/**
 * Words that mean that a line is a charge and not a product: postage, fees, discounts, vouchers, samples.
 * Lower case, no accents. A name is a charge if all of its words are of these lists and at least one is a charge's.
 */
export const CHARGE_WORDS: ReadonlySet<string> = words(`
  postage shipping shipment carriage delivery freight handling fee fees surcharge charges gratuity tips insurance tax taxes vat
  voucher vouchers giftcard giftvoucher discount discounts coupon adjustment adjustments deposit refund commission donation rounding
  sample samples shippingfee deliveryfee amazonfee
  versand versandkosten versandpauschale porto lieferung lieferkosten liefergebuhr zustellung zustellgebuhr gutschein geschenkgutschein
  wertgutschein geschenkkarte rabatt nachlass gebuhr gebuhren nachnahme nachnahmegebuhr pfand spende trinkgeld gratisprobe warenprobe
  mindermengenzuschlag zuschlag rundung
  livraison expedition affranchissement remise echantillon echantillons pourboire consigne frais ecotaxe
  envio envios descuento muestra muestras propina recargo flete transporte
  spedizione consegna sconto campione campioni commissione mancia
  frete desconto amostra amostras gorjeta
  verzendkosten verzending bezorgkosten bezorging cadeaubon cadeaukaart korting statiegeld toeslag administratiekosten
  wysylka przesylka dostawa rabat probka oplata napiwek
  frakt fraktkostnad leverans leveranskostnad presentkort avgift expeditionsavgift fragt levering gavekort gebyr
  toimitus toimituskulut postikulut lahjakortti alennus
  doprava dopravne postovne darkovy szallitas szallitasi livrare kargo teslimat доставка скидка 送料 運費 运费 배송비
`);

/** Phrases that mean a charge even if their single words do not. */
export const CHARGE_PHRASES: readonly string[] = lines(`
  gift card
  gift cards
  gift voucher
  gift vouchers
  gift certificate
  gift wrapping
  e gift card
  egift card
  store credit
  bank charge
  service charge
  delivery charge
  shipping charge
  bad debt
  frais de port
  frais d envoi
  frais de livraison
  port offert
  port gratuit
  carte cadeau
  cheque cadeau
  bon d achat
  bon cadeau
  gastos de envio
  tarjeta regalo
  cheque regalo
  vale regalo
  spese di spedizione
  buono regalo
  carta regalo
  cartao presente
  vale presente
  portes de envio
  karta podarunkowa
  bon podarunkowy
  koszt wysylki
  koszty wysylki
  koszt dostawy
  koszty dostawy
`);

/** Words that may stand beside a charge's word; the line is still a charge. */
export const FILLER_WORDS: ReadonlySet<string> = words(`
  a an and the of for to with within by per in on at or no incl including inc excl ex free gratis only order orders item small
  cost costs charge charges price rate flat fixed standard express priority economy overnight next day days first second class
  international domestic national worldwide europe european eu uk gb us usa germany deutschland france austria osterreich schweiz
  tracked signed recorded service services special extra additional value worth digital electronic online e virtual product
  dhl ups usps fedex dpd gls hermes evri tnt royal mail parcel parcelforce post postal poste poczta postnord bring correos colissimo chronopost mondial relay amazon ebay etsy paypal stripe klarna bank card credit dotcom
  der die das und mit fur von nach inkl zzgl mwst pauschal pauschale kosten paket packchen
  de du des la le les et en pour par a domicile relais point
  el los las y para por del di e per al il lo com o os as do da dos das em
  het een en voor naar van aan och til till och til pa i na do dla
  eur euro euros usd gbp chf sek nok dkk pln
`);

/** Codes by which tills and shops book charges. */
export const CHARGE_CODES: ReadonlySet<string> = words(`
  post dot postage shipping ship freight frt delivery carriage handling fee fees amazonfee bankcharges discount disc coupon voucher giftcard
  versand porto gutschein rabatt livraison envio spedizione verzending frakt adjust test
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
