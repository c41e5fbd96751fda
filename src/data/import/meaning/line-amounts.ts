import { z } from 'zod';

/** The result of `sql/duckdb/import/line_amount_profile.sql`. */
export const lineAmountProfileSchema = z.object({
  all_lines: z.coerce.number(),
  with_total: z.coerce.number(),
  with_price: z.coerce.number(),
  complete: z.coerce.number(),
  is_gross: z.coerce.number(),
  with_pieces: z.coerce.number(),
  is_one_piece: z.coerce.number(),
  discounted: z.coerce.number(),
  with_percent_sign: z.coerce.number(),
  discounted_complete: z.coerce.number(),
  discounted_gross: z.coerce.number(),
  discounted_share: z.coerce.number(),
  discounted_percent: z.coerce.number(),
  discounted_amount: z.coerce.number(),
  discounted_piece: z.coerce.number(),
  greatest_discount: z.coerce.number(),
  fractional_discounts: z.coerce.number(),
  discounts_above_price: z.coerce.number(),
  orders_of_lines: z.coerce.number(),
  repeated_totals: z.coerce.number(),
  single_totals: z.coerce.number(),
  different_totals: z.coerce.number(),
});
export type LineAmountProfile = z.infer<typeof lineAmountProfileSchema>;

/** How a discount is written: 0.25, 25, 5.00 off the line, or 5.00 off each piece. */
export type DiscountForm = 'share' | 'percent' | 'amount' | 'piece';

export interface LineAmountDecision {
  /** How the amount of a line is computed. */
  readonly amount: 'total' | 'total less discount' | 'quantity times price';
  readonly discount: DiscountForm | 'none';
  /** The column of line totals holds the order's total. */
  readonly totalIsOrders: boolean;
  /** The decision and its reason, for the ledger; undefined if there was nothing to decide. */
  readonly sentence: string | undefined;
}

/** If a rule holds for this share of the lines, it is what the column means. */
const NEARLY_ALL = 0.9;

/**
 * Decides how the amount of a line is computed. `discountName` is the comparable name of the discount's column, undefined if there is none.
 *
 * @returns undefined if the discount's form cannot be told
 */
export function decideLineAmounts(
  profile: LineAmountProfile,
  discountName: string | undefined,
  told: DiscountForm | undefined,
): LineAmountDecision | undefined {
  const totalIsOrders = isOrdersTotal(profile);
  const hasTotals = profile.with_total > 0 && !totalIsOrders;
  const hasDiscounts = discountName !== undefined && profile.discounted > 0;
  const form = hasDiscounts ? (told ?? discountForm(profile, discountName)) : 'none';
  if (form === undefined) return hasTotals ? believeTotals(totalIsOrders) : undefined;
  if (!hasTotals) {
    return {
      amount: 'quantity times price',
      discount: form,
      totalIsOrders,
      sentence:
        form === 'none'
          ? undefined
          : `A line costs quantity × price minus its discount (${FORM_WORDS[form]}).`,
    };
  }
  if (isPriceOfOnePiece(profile)) {
    return {
      amount: 'quantity times price',
      discount: form,
      totalIsOrders,
      sentence: 'The column of line totals holds the price of one piece, so a line costs quantity × price.',
    };
  }
  return hasDiscounts && form !== 'none' ? withDiscounts(profile, form) : withoutDiscounts(profile);
}

const FORM_WORDS: Readonly<Record<DiscountForm, string>> = {
  share: 'a share: 0.25 means a quarter',
  percent: 'in per cent',
  amount: 'an amount off the line',
  piece: 'an amount off each piece',
};

/** A total that is the same on all lines of an order, or on one of them only, while the orders' totals differ. */
function isOrdersTotal(profile: LineAmountProfile): boolean {
  const { orders_of_lines, repeated_totals, single_totals, different_totals, complete, is_gross } = profile;
  if (orders_of_lines === 0 || repeated_totals + single_totals < NEARLY_ALL * orders_of_lines) return false;
  const areLines = complete > 0 && is_gross >= NEARLY_ALL * complete;
  return !areLines && (single_totals > 0 || different_totals > 1 || complete > 0);
}

function isPriceOfOnePiece({ with_pieces, is_one_piece, complete, is_gross }: LineAmountProfile): boolean {
  return with_pieces > 0 && is_one_piece >= NEARLY_ALL * with_pieces && is_gross < NEARLY_ALL * complete;
}

function withoutDiscounts({ complete, is_gross }: LineAmountProfile): LineAmountDecision {
  const agree = complete === 0 || is_gross >= NEARLY_ALL * complete;
  const differing = complete - is_gross;
  return {
    amount: 'total',
    discount: 'none',
    totalIsOrders: false,
    sentence:
      complete === 0
        ? undefined
        : agree
          ? 'Line totals are quantity × price.'
          : `Line totals were used as they are; they are not quantity × price in ${differing} of ${complete} lines examined.`,
  };
}

function withDiscounts(profile: LineAmountProfile, form: DiscountForm): LineAmountDecision {
  const { discounted_complete, discounted_gross } = profile;
  const beforeDiscount =
    discounted_complete > 0 &&
    discounted_gross >= NEARLY_ALL * discounted_complete &&
    profile[`discounted_${form}`] < NEARLY_ALL * discounted_complete;
  return {
    amount: beforeDiscount ? 'total less discount' : 'total',
    discount: form,
    totalIsOrders: false,
    sentence: beforeDiscount
      ? `Line totals are quantity × price before the discount (${FORM_WORDS[form]}), which was subtracted.`
      : `Line totals were used as they are; they already include the discount (${FORM_WORDS[form]}).`,
  };
}

function believeTotals(totalIsOrders: boolean): LineAmountDecision {
  return {
    amount: 'total',
    discount: 'none',
    totalIsOrders,
    sentence: 'Line totals were used as they are; it is not clear whether they include the discount.',
  };
}

/** Decides by the form that explains the totals; without totals by the column's name and values; undefined if both fit. */
function discountForm(profile: LineAmountProfile, name: string): DiscountForm | undefined {
  const { discounted, discounted_complete, with_percent_sign } = profile;
  if (discounted > 0 && with_percent_sign >= NEARLY_ALL * discounted) return 'percent';
  const forms = ['share', 'percent', 'amount', 'piece'] as const;
  const fitting = forms.filter(
    (form) => discounted_complete > 0 && profile[`discounted_${form}`] >= NEARLY_ALL * discounted_complete,
  );
  if (fitting[0] !== undefined) return fitting[0];
  const { greatest_discount, fractional_discounts, discounts_above_price } = profile;
  const isShare = greatest_discount <= 1 && fractional_discounts > 0;
  if (/percent|pct|rate|prozent|pourcent|porcent/.test(name)) return isShare ? 'share' : 'percent';
  if (/amount|value|betrag|montant|importe|importo|^lineitemdiscount$|totaldiscount$/.test(name))
    return 'amount';
  if (isShare && discounts_above_price === 0) return 'share';
  return greatest_discount > 100 ? 'amount' : undefined;
}
