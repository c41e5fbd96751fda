import { describe, expect, it } from 'vitest';
import { meaningOfStatus } from '../../../../src/data/import/meaning/status-meaning.ts';

const EXAMPLES = {
  sale: [
    ['Teslim edildi', 'Ολοκληρώθηκε', 'مكتمل', '卖家已发货', 'Afsendt'],
    [
      'wc-completed',
      'wc-processing',
      'Paid',
      'succeeded',
      'Shipped - Delivered to Buyer',
      'partially_refunded',
    ],
    [
      'Bezahlt',
      'Versendet',
      'Payée',
      'Expédiée',
      'Enviado',
      'Spedito',
      'Entregue',
      'Verzonden',
      'Wysłane',
      'Levererad',
    ],
    [
      'purchase',
      'transaction',
      'Payment',
      'Awaiting Fulfillment',
      'Pending shipment',
      'Payment accepted',
      'Offen',
    ],
  ],
  cancelled: [
    ['İptal edildi', 'Ακυρώθηκε', 'ملغي', '交易关闭', 'Verworfen'],
    ['wc-cancelled', 'canceled', 'VOIDED', 'Cancelled by customer', 'expired', 'unavailable'],
    [
      'Storniert',
      'Annulée',
      'Cancelado',
      'Annullato',
      'Geannuleerd',
      'Anulowane',
      'Avbruten',
      'Makulerad',
      'Zrušeno',
    ],
  ],
  failed: [
    [
      'wc-failed',
      'Failed',
      'declined',
      'Fehlgeschlagen',
      'Échec du paiement',
      'Fallido',
      'Mislukt',
      'Misslyckad',
    ],
  ],
  refunded: [
    [
      'refunded',
      'Shipped - Returned to Seller',
      'Completed (refunded)',
      'Erstattet',
      'Remboursée',
      'Devuelto',
    ],
    ['Rimborsato', 'Estornado', 'Terugbetaald', 'Zwrócone', 'Återbetald'],
  ],
  unpaid: [
    ['pending', 'wc-pending', 'on-hold', 'unpaid', 'requires_payment_method', 'On backorder (not paid)'],
    [
      'Zahlung ausstehend',
      'En attente de paiement',
      'Pendiente',
      'In attesa',
      'Aguardando pagamento',
      'Onbetaald',
    ],
    ['Oczekuje na płatność', 'Obetald', 'Ikke betalt'],
  ],
  draft: [
    [
      'wc-checkout-draft',
      'draft',
      'Entwurf',
      'Brouillon',
      'Borrador',
      'Bozza',
      'Rascunho',
      'Concept',
      'Utkast',
    ],
  ],
  test: [['test', 'Test order', 'Testbestellung', 'Commande de test', 'Zamówienie testowe']],
  browsing: [
    [
      'view',
      'cart',
      'addtocart',
      'add_to_cart',
      'AddToCart',
      'page_view',
      'remove_from_cart',
      'Started Checkout',
    ],
  ],
  'refund row': [['Refund', 'Refunded Order', 'Gutschrift', 'Remboursement', 'Reembolso', 'Nota di credito']],
  unknown: [['Gold', 'label printed', 'B2B', '7']],
} as const;

describe('meaningOfStatus', () => {
  it.each(
    Object.entries(EXAMPLES).flatMap(([meaning, lists]) => lists.flat().map((status) => [status, meaning])),
  )('reads %j as %s', (status, meaning) => {
    expect(meaningOfStatus(status)).toBe(meaning);
  });

  it('counts an order as sold that waits for its delivery', () => {
    expect([meaningOfStatus('pending', 'delivery'), meaningOfStatus('cancelled', 'delivery')]).toEqual([
      'sale',
      'cancelled',
    ]);
  });

  it('counts an open order as sold, and an open payment as unpaid', () => {
    expect([meaningOfStatus('open', 'order'), meaningOfStatus('open', 'payment')]).toEqual([
      'sale',
      'unpaid',
    ]);
  });
});
