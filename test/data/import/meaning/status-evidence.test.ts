import { describe, expect, it } from 'vitest';
import { statusEvidence } from '../../../../src/data/import/meaning/status-evidence.ts';

function evidenceOf(column: string, words: readonly string[]) {
  return statusEvidence({ column, words: new Map(words.map((word) => [word, 10])) });
}

describe('the words of a column', () => {
  it.each([
    ['Verlauf', ['bezahlt', 'storniert', 'bezahlt', 'erstattet', 'versendet', 'bezahlt']],
    ['x_studio_state', ['sale', 'done', 'cancel', 'sale', 'draft', 'done']],
    ['col7', ['paid', 'cancelled', 'paid', 'refunded', 'paid', 'paid']],
    ['Stand', ['zugestellt', 'Storno', 'versendet', 'fehlgeschlagen', 'zugestellt', 'zugestellt']],
    ['situation', ['payée', 'annulée', 'expédiée', 'remboursée', 'livrée', 'payée']],
    ['progreso', ['pagado', 'cancelado', 'enviado', 'fallido', 'entregado', 'pagado']],
    ['avanzamento', ['pagato', 'annullato', 'spedito', 'rimborsato', 'consegnato', 'pagato']],
    ['fase', ['pago', 'cancelado', 'entregue', 'devolvido', 'faturado', 'pago']],
    ['voortgang', ['betaald', 'geannuleerd', 'verzonden', 'terugbetaald', 'geleverd', 'betaald']],
    ['etap', ['opłacone', 'anulowane', 'wysłane', 'zwrócone', 'dostarczone', 'opłacone']],
    ['läge', ['betald', 'makulerad', 'skickad', 'återbetald', 'levererad', 'betald']],
    ['x1', ['betalt', 'annulleret', 'sendt', 'refunderet', 'leveret', 'betalt']],
    ['faze', ['zaplaceno', 'zrušeno', 'odesláno', 'vráceno', 'doručeno', 'zaplaceno']],
    ['進捗', ['完了', 'キャンセル', '発送済み', '返金済み', '完了', '完了']],
    ['what', ['purchase', 'view', 'purchase', 'cart', 'purchase', 'purchase']],
    ['Zustand', ['Verkauf', 'Retoure']],
    ['mode', ['live', 'test']],
  ])('are those of a status: %s', (column, words) => {
    expect(evidenceOf(column, words)).toBe('status');
  });

  it.each([
    ['Vermerk', ['storniert']],
    ['kind', ['new', 'return']],
    ['x', ['open', 'cancelled', 'closed']],
    ['y', ['shipped', 'pending', 'delivered']],
    ['z', ['Shipped by us', 'Cancelled by customer']],
  ])('may be those of a status: %s', (column, words) => {
    expect(evidenceOf(column, words)).toBe('maybe');
  });

  it.each([
    ['newsletter_state', ['active', 'cancelled', 'pending']],
    ['product_state', ['active', 'draft', 'archived']],
    ['group', ['control', 'test']],
    ['note', ['call first', 'refund if late', 'cancelled']],
  ])('are named, because some are those of a status: %s', (column, words) => {
    expect(evidenceOf(column, words)).toBe('some');
  });

  it.each([
    ['payment_method', ['credit card', 'paypal', 'cash on delivery', 'invoice']],
    ['zahlart', ['Kreditkarte', 'Vorkasse', 'Rechnung']],
    ['handling', ['shipped', 'unfulfilled', 'partially_fulfilled']],
    ['origin', ['web', 'pos', 'shopify_draft_order']],
    ['priority', ['new', 'high', 'low']],
    ['customer_type', ['new', 'return']],
    ['delivery', ['shipped', 'pending']],
    ['gift_wrap', ['yes', 'no']],
    ['condition', ['new', 'used']],
  ])('say nothing of a status: %s', (column, words) => {
    expect(evidenceOf(column, words)).toBeUndefined();
  });

  it.each([
    ['returned', 'flag'],
    ['is_voided', 'flag'],
    ['Rückerstattet', 'flag'],
    ['refundable', undefined],
    ['returning', undefined],
    ['can_be_cancelled', undefined],
    ['partially_refunded', undefined],
    ['returned_quantity', undefined],
    ['customer_deleted', undefined],
    ['gift', undefined],
  ])('are a flag of orders that do not count, if they are yes and no: %s', (column, evidence) => {
    const words = new Map([
      ['yes', 2],
      ['no', 8],
    ]);
    expect(statusEvidence({ column, words, isFlag: true })).toBe(evidence);
  });
});
