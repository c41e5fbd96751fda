import { plainLetters } from '../values/plain-letters.ts';

/** What a status means for its row. */
export type StatusMeaning =
  | 'sale'
  | 'cancelled'
  | 'failed'
  | 'refunded'
  | 'unpaid'
  | 'draft'
  | 'test'
  | 'browsing'
  /** The row is money that the payment system or the bank moved, and no order. */
  | 'fee'
  /** The row itself is a refund: its amount is subtracted from the spend. */
  | 'refund row'
  | 'unknown';

/**
 * Words of statuses, as `plainStatus` writes them: lower case, no accents, words apart by one space. An entry that
 * ends with `*` is the beginning of a word. A phrase of several words wins over its words. Sources: the order and payment
 * statuses that Shopify, WooCommerce, Magento, BigCommerce, PrestaShop, Shopware, OpenCart, Square, Stripe, PayPal,
 * Adyen, Mollie, Klarna, Amazon, Etsy and eBay document, and what they show in other languages.
 */
export const STATUS_WORDS: Readonly<Record<Exclude<StatusMeaning, 'unknown'>, string>> = {
  sale: `
    complet* | paid | partially paid | shipped | partially shipped | dispatched | despatched | delivered | fulfilled |
    partially fulfilled | unfulfilled | success* | succeeded | settled | captured | authori* | approved | processing |
    processed | in process | in progress | invoiced | received | payment received | confirmed | accepted | ready | ready for pickup |
    awaiting fulfillment | awaiting fulfilment | awaiting shipment | awaiting pickup | picked up | picking | packed | packing |
    in transit | out for delivery | closed | done | finished | ok | active | valid | sale | sold | purchase | purchased |
    live | production | checked out | checked in | checkedout | checkedin | attended | arrived | sent | invoice sent | won | scheduled | collected | deposited | cleared | undelivered | awaiting approval | refunding declined | dispute won | chargeback reversed |
    order | transaction | transactions | order completed | order placed | placed order | placed | checkout completed | payment | charge | partially refunded | partial refund |
    partial refunded | partially returned | partial return | partially cancelled | partially canceled | pending shipment | pending fulfillment | pending fulfilment | pending delivery | pending dispatch | pending pickup | awaiting dispatch | awaiting delivery | awaiting collection | open | new | backordered | backorder | preparing | preparation | unshipped | not returned | not cancelled | not canceled | refund rejected | refund declined | refund denied | refund requested | refund cancelled | refund canceled | return rejected | return declined | return requested | return cancelled | return canceled | no refund | no return |
    bezahlt | teilweise bezahlt | versand* | versendet | teilweise versendet | geliefert | ausgeliefert | zugestellt | zustellung | abgeschlossen |
    erledigt | fertig | in bearbeitung | bearbeitet | bestatigt | verkauf* | verkauft | kauf | erfolgreich | erfullt | gezahlt | beglichen | fakturiert | berechnet | gebucht | freigegeben | bestellt | abgeholt | kommissioniert | verpackt | ausgefuhrt | teilgeliefert | eingegangen | in zustellung | unterwegs | verschickt | teilweise erstattet | offen | neu | wartet auf versand | teilretoure |
    payee | paye | payement accepte | paiement accepte | expedie* | envoye* | livre | livree | termine* | traite* | valide* | en cours | en cours de preparation | en attente d expedition | en preparation | en cours de traitement | reussi* | vente | achat | regle | reglee | encaisse | encaissee | facture | facturee | prete | pret | cloture | cloturee | acceptee | accepte | recu | recue | confirme* | partiellement rembourse* |
    pagad* | pago aceptado | enviad* | entregad* | completad* | finalizad* | procesad* | procesando | en proceso | confirmad* | venta | compra | cobrad* | facturad* | preparad* | en preparacion | recibid* | aceptad* | cerrad* | listo | lista | exitos* | pendiente de envio | reembolso parcial | parcialmente reembolsad* |
    pagat* | pagamento accettato | spedit* | inviat* | consegnat* | completat* | conclus* | evas* | in lavorazione | elaborat* | confermat* | in attesa di spedizione | vendit* | incassat* | fatturat* | ricevut* | accettat* | chius* | pront* | ritirat* | in preparazione | acquist* | riuscit* |
    pago | paga | entregue | entregues | pagos | pagas | faturad* | em processamento | processad* | concluid* | em separacao | em transporte | aprovad* | recebid* | aceit* | em preparacao | preparad* | pagamento aprovado | aguardando envio | venda |
    betaald | verzonden | geleverd | bezorgd | afgerond | voltooid | afgehandeld | in behandeling | verwerkt | bevestigd | verkoop | aankoop | voldaan | ontvangen | verstuurd | onderweg | gefactureerd | klaar | geaccepteerd | gelukt | deels terugbetaald |
    oplacon* | zaplacon* | wyslan* | dostarczon* | zrealizowan* | zakonczon* | w realizacji | przetwarzan* | potwierdzon* | sprzedaz | zakup | wyslano | dostarczono | oplacono | gotowe | odebran* | przyjet* | w przygotowaniu | do wysylki | w trakcie realizacji |
    betald | betalt | skickad | skickat | levererad | levererat | leveret | levert | sendt | avsendt | klar | slutford | fardig | genomford | behandlas | bearbetas | bekraftad | bekraeftet | gennemfort | fullfort | forsaljning | kop | afsluttet | behandles | lyckad* | plockad | ekspederet | expedierad | behandlet | afsendt | utlevererad | klarmarkerad | mottatt | mottagen | modtaget |
    maksettu | lahetetty | toimitettu | valmis | kasittelyssa | vahvistettu |
    zaplaceno | uhrazeno | expedovano | prijato | pripraveno | odeslano | doruceno | dokonceno | vyrizeno | vybavene | dorucene | fizetve | teljesitve | szallitva | platit* | livrat* | finalizat* | odendi | tamamlandi | kargolandi | teslim edildi | kargoya verildi | kargoda | onaylandi | hazirlaniyor | islemde |
    مكتمل | مكتملة | مدفوع | مدفوعة | تم التوصيل | تم الشحن | تم الدفع | ολοκληρωθηκε | ολοκληρωμεν* | πληρωθηκε | πληρωμεν* | αποσταλθηκε | απεσταλη | παραδοθηκε | παραδοθεν |
    оплачен* | отправлен* | доставлен* | выполнен* | завершен* | сплачено | відправлено | доставлено | виконано |
    発送完了 | 出荷済み | 出荷済 | 発送済 | 入金確認済み | 処理中 | 配達完了 | 配送中 | 受取完了 | 確定 | 支払済み | 已签收 | 待发货 | 已收货 | 已确认 | 卖家已发货 | 卖家已发货 等待买家确认 | 买家已付款 | 买家已付款 等待卖家发货 | 退款关闭 | 배송준비중 | 상품준비중 | 입금확인 | 발송완료 | 完了 | 発送済み | 支払い済み | 入金済み | 已付款 | 已支付 | 已完成 | 已发货 | 交易成功 | 결제완료 | 배송완료 | 배송중 | 구매확정`,
  cancelled: `
    no show | written off | bad debt | cancel* | canceled | cancelled | void* | annulled | withdrawn | aborted | abandon* | rejected | reversed | reversal | revoked | unavailable | deleted | trash | removed | expired | lapsed |
    customer cancelled | order cancelled | canceled reversal | cancelled reversal | lost |
    verworfen | abgesagt | aufgehoben | gekundigt | ruckabgewickelt | nicht zustande gekommen | storno* | storniert | abgebrochen | abbruch | annulliert | geloscht | widerrufen | abgelaufen | zuruckgezogen | abgelehnt |
    rejete* | resilie* | annul* | abandonne* | supprime* | expire* | refuse* |
    cancelad* | cancelacion | anulad* | abandonad* | eliminad* | rechazad* | caducad* | vencid* |
    annullat* | cancellat* | abbandonat* | eliminat* | scadut* | rifiutat* | stornat* |
    cancelamento | expirad* | recusad* | rejeitad* |
    afgebroken | ingetrokken | geannuleerd | vervallen | verlopen | afgewezen | verwijderd |
    anulowan* | odrzucon* | wygas* | porzucon* | usunie* |
    annullert | avbestilt | avbestalld | aflyst | avlyst | installd | annullerad | annullerat | annulleret | avbruten | avbrutt | avbrot | kansellert | makulerad | utgangen | slettet | raderad | afbrudt | afvist | avvisad |
    peruttu | peruutettu | mitatoity | hylatty | vanhentunut |
    zruseno | zrusena | zrusene | stornovano | odmitnuto | anulat* | respins* | torolve | lemondva | iptal* | iptal edildi | iptal edilmis | reddedildi |
    отменен* | аннулирован* | отклонен* | скасован* | キャンセル* | 取り消し | 取消* | 交易关闭 | 作废 | 已作废 | 已取消 | 已关闭 | 취소* | 주문취소 | ملغي | ملغى | تم الإلغاء | בוטל* | ακυρ*`,
  failed: `
    fail* | declined | denied | error | errored | unsuccessful | not successful | payment failed | payment error | fraud* | suspected fraud | disputed | chargeback | charged back | blocked | uncaptured | invalid | incomplete | not completed | not delivered |
    fehlgeschlagen | fehler* | zahlungsfehler | gescheitert | betrug* | ungultig | unvollstandig |
    echou* | echec | erreur* | erreur de paiement | fraude* | incomplet* | non abouti* |
    fallid* | fallo | errone* | incompleto | incompleta | rechazo |
    fallit* | non riuscit* | errore* | frode | incomplet* |
    falhad* | falhou | falha | mislukt | fout | onvolledig | nieudan* | nie powiodl* | blad* | oszustw* |
    misslyck* | mislykk* | mislykke* | fejl* | feil* | fel | epaonnistu* | selhalo | neuspesn* | esuat* | sikertelen | basarisiz |
    ошибка* | неудач* | не оплачен* | помилка | 失敗 | 失败 | 支付失败 | 실패 | 결제실패`,
  refunded: `
    refunded | fully refunded | returned | returned to seller | return received | money back | credited | full refund | item returned | refund completed | refund complete | refund approved | refund processed | refund success | refund successful | return completed | return complete | return approved |
    zuruckgezahlt | ruckgezahlt | zuruckgebucht | zuruckgegeben | zuruckgenommen | rucklastschrift | erstattet | ruckerstattet | zuruckerstattet | vollstandig erstattet | retourniert | zuruckgesendet | zuruckgeschickt | gutgeschrieben |
    rembours* | retourne* | renvoye* | reembolsad* | devuelt* | rimborsat* | resi | restituit* | devolvid* | estornad* |
    gecrediteerd | retour ontvangen | terugbetaald | geretourneerd | teruggestuurd | zwrocon* | zwrot* | aterbetal* | returnerad | refunderad | refunderet | refundert | tilbakebetalt | returneret | returnert | krediterad | krediteret | kreditert | tilbagebetalt | palautettu | hyvitetty |
    vraceno | vraten* | visszateritve | rambursat* | returnat* | iade* | iade edildi | مسترد | مسترجع | возвращен* | возврат* | повернено | 返金* | 返品* | 已退款 | 退款* | 退货* | 환불* | 반품*`,
  unpaid: `
    pending | payment pending | pending payment | pending review | unpaid | not paid | awaiting payment | awaiting check payment | awaiting bank wire payment | waiting for payment | payment due | overdue | past due | due | outstanding |
    on hold | hold | held | holded | requires payment method | requires action | requires confirmation | requires capture | open payment | payment review | manual verification required | verification required | uncollectible | initiated | created payment |
    noch nicht bezahlt | unbeglichen | zahlung offen | offene zahlung | uberfallig | gemahnt | mahnung | warte auf zahlung | vorgemerkt | unbezahlt | nicht bezahlt | ausstehend | zahlung ausstehend | warten auf zahlung | wartend | wartet auf zahlung | zuruckgestellt | in wartestellung | pausiert |
    a payer | non regle | non reglee | paiement en attente | en retard | en attente* | impaye* | non paye* | en attente de paiement | en suspens |
    por pagar | sin pagar | impago | impaga | pendient* | en espera* | impagad* | no pagad* | a la espera* |
    da pagare | insolut* | non saldat* | in attesa* | non pagat* | in sospeso | sospes* |
    a pagar | pendente* | aguardando* | em espera | nao pag* | em aberto |
    te betalen | niet voldaan | wachtend | in afwachting* | wacht op betaling | wachten op betaling | onbetaald | niet betaald | openstaand | on hold |
    do zaplaty | oczekuj* | niezaplacon* | nieoplacon* | oczekiwanie* | wstrzyman* |
    forfalden | forfallen | forfalt | vantar* | vantande | obetald | ikke betalt | ikke betald | ej betald | inte betald | afventer* | avventer* | venter* | ubetalt | parkerad |
    odottaa* | maksamatta | ceka* | cekajuci | nezaplaceno | neuhrazeno | in asteptare | neplatit* | fuggoben | fizetesre var | beklemede | odeme bekleniyor | bekliyor | odeme bekliyor | قيد الانتظار | معلق | غير مدفوع |
    ожида* | не оплачено | в ожидании | очікує* | 等待买家付款 | 未支付 | 未入金 | 支払待ち | 入金前 | 미입금 | 입금전 | 未払い | 支払い待ち | 入金待ち | 待付款 | 待支付 | 未付款 | 결제대기 | 입금대기`,
  draft: `
    draft | drafts | checkout draft | auto draft | cart order | quote | quotation | estimate | proforma | pro forma | new draft | incomplete checkout | missing orders | saved |
    entwurf | angebot | brouillon | devis | borrador | presupuesto | bozza | preventivo | rascunho | orcamento | concept | offerte | szkic | 見積 | 見積もり | wersja robocza | oferta | utkast | offert | kladde | tilbud | luonnos | koncept | navrh | piszkozat | ciorna | taslak | черновик | чернетка | 下書き | 草稿 | 임시저장`,
  test: `
    test | tests | testing | test order | test payment | demo | sandbox | dummy | sample order | testbestellung | testauftrag | commande test | commande de test | pedido de prueba | prueba | ordine di prova | prova | teste | pedido de teste | testorder | testbestelling | zamowienie testowe | testowe | testordre | testitilaus | тест* | テスト | 测试 | 테스트`,
  browsing: `
    view | views | viewed | view item | viewed product | product viewed | page view | pageview | detail | product detail | impression | click | clicked | search | searched | cart | add to cart | added to cart | addtocart | product added | remove from cart | removed from cart | removefromcart | cart viewed | view cart |
    wishlist | add to wishlist | begin checkout | started checkout | checkout started | checkout | initiate checkout | add payment info | add shipping info | session start | visit | visited | login | signup | active on site | favorite | like | scroll | browse`,
  fee: `
    fee | fees | commission | commissions | payout | payouts | withdrawal | withdrawals | gebuhr | gebuhren | auszahlung | frais | comision | comisiones | commissione | commissioni | taxa | kosten | avgift | gebyr | prowizja | oplata`,
  'refund row': `
    refund | refund issued | refunded order | order refunded | refund payment | return | returns | credit | credit note | credit memo | chargeback row | payment refund | product returned |
    erstattung | ruckerstattung | gutschrift | retoure | ruckgabe | rucksendung | remboursement | avoir | retour | reembolso | devolucion | nota de credito | abono | rimborso | reso | nota di credito | estorno | devolucao | terugbetaling | creditnota | retourzending | korekta | aterbetalning | kreditnota | retur | tilbagebetaling | refusjon | hyvitys | palautus`,
};

/** Words that say nothing about an order, but mean of a payment that it is still to come. */
export const UNPAID_PAYMENTS: ReadonlySet<string> = new Set(
  'open new offen neu ouvert abierto aperto aberto openstaand otwarte oppen apen aben false no n nein non niet nie f'.split(
    ' ',
  ),
);

/** Words for an order that is not paid, which mean of a delivery that it is still to come. */
export const WAITING_DELIVERIES: ReadonlySet<string> = new Set(
  'pending|on hold|hold|held|pending review|outstanding|initiated|ausstehend|wartend|en attente|en suspens|pendiente|en espera|in attesa|in sospeso|pendente|em espera|aguardando|in afwachting|openstaand|oczekuje|vantar|vantande|afventer|avventer|venter|odottaa|ceka|ожидает|в ожидании|очікує'.split(
    '|',
  ),
);

/** The form in which statuses are compared: lower case, no accents, one space between words, no prefix of a system. */
export function plainStatus(status: string): string {
  return plainLetters(status)
    .replace(/(\p{Lower})(\p{Upper})/gu, '$1 $2')
    .normalize('NFC')
    .toLowerCase()
    .replace(/^wc[-_ ]/, '')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
}
