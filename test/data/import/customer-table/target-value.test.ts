import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomesOf, positiveOf } from '../../../../src/data/import/customer-table/target-value.ts';
import { ChurnMcpError } from '../../../../src/errors.ts';

function refusal(column: string, values: readonly string[], wanted?: string): string {
  try {
    return `taken: ${positiveOf(column, values, wanted)}`;
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
    return `${error.message} ${error.hint}`;
  }
}

describe('the value that means "left"', () => {
  it.each([
    ['Churn', ['No', 'Yes'], 'Yes'],
    ['churned', ['1', '0'], '1'],
    ['Exited', ['FALSE', 'TRUE'], 'TRUE'],
    ['left', ['n', 'y'], 'y'],
    ['status', ['active', 'churned'], 'churned'],
    ['Attrition_Flag', ['Existing Customer', 'Attrited Customer'], 'Attrited Customer'],
    ['state', ['active', 'moved away'], 'moved away'],
    ['not_renewed', ['0', '1'], '1'],
    ['inactive', ['0', '1'], '1'],
    ['Retained', ['retained', 'lost'], 'lost'],
  ])('%s: %j', (column, values, positive) => {
    expect(positiveOf(column, values, undefined)).toBe(positive);
    expect(positiveOf(column, [...values].reverse(), undefined)).toBe(positive);
  });

  it('is asked for if it is not clear, and is not the yes to "retained?"', () => {
    const cases: [string, string[], string?][] = [
      ['Retained', ['Yes', 'No']],
      ['is_active', ['1', '0']],
      ['IsActiveMember', ['1', '0']],
      ['group', ['A', 'B']],
      ['Churn', ['1', '2']],
      ['Churn', ['-1', '1']],
      ['Churn', ['yes', 'perhaps']],
      ['status', ['Stayed', 'Churned', 'Joined']],
      ['status', ['Stayed', 'Churned'], 'away'],
      ['country', ['US']],
      ['nothing', []],
    ];
    expect(cases.map((given) => refusal(...given)).join('\n')).toMatchInlineSnapshot(`
      "It is not clear which value of "Retained" means that a customer left: "Yes", "No". Name it with --positive VALUE.
      It is not clear which value of "is_active" means that a customer left: "1", "0". Name it with --positive VALUE.
      It is not clear which value of "IsActiveMember" means that a customer left: "1", "0". Name it with --positive VALUE.
      It is not clear which value of "group" means that a customer left: "A", "B". Name it with --positive VALUE.
      It is not clear which value of "Churn" means that a customer left: "1", "2". Name it with --positive VALUE.
      It is not clear which value of "Churn" means that a customer left: "-1", "1". Name it with --positive VALUE.
      It is not clear which value of "Churn" means that a customer left: "yes", "perhaps". Name it with --positive VALUE.
      The target column "status" has more than two values: "Stayed", "Churned", "Joined". Name the value that means "left" with --positive VALUE, or another column with --target COLUMN.
      The target column "status" has no value "away"; it has "Stayed", "Churned". Name one of these values with --positive VALUE.
      The target column "country" has only one value: "US". Name a column with two outcomes, left and stayed: --target COLUMN.
      The target column "nothing" has no value. Name a column with two outcomes, left and stayed: --target COLUMN."
    `);
  });

  it('is what the caller names, in any case, and all other values count as stayed', () => {
    expect(positiveOf('status', ['Stayed', 'Churned', 'Joined'], ' churned ')).toBe('Churned');
    expect(positiveOf('Retained', ['Yes', 'No'], 'no')).toBe('No');
  });

  it('is always one of the values', () => {
    const words = fc.constantFrom('Yes', 'no', 'Churned', 'active', '0', '1', 'x');
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(words, { minLength: 2, maxLength: 2 }), (column, values) => {
        const answer = refusal(column, values);
        expect(values.some((value) => answer === `taken: ${value}`) || answer.includes('--positive')).toBe(
          true,
        );
      }),
    );
  });
});

describe('the outcomes of a target', () => {
  const value = (text: string, saysMissing = false) => ({ value: text, saysMissing });

  it('leave out words for "not known" if two other values remain', () => {
    expect(outcomesOf([value('Yes'), value('No'), value('NA', true)])).toEqual(['Yes', 'No']);
    expect(outcomesOf([value('None', true), value('Churned')])).toEqual(['None', 'Churned']);
  });
});
