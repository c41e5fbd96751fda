import { seededRandom } from '../../src/dataset/seeded-random.ts';

export interface PhoneCustomer {
  readonly id: string;
  readonly contract: string;
  readonly internet: string;
  readonly payment: string;
  readonly tenure: number;
  readonly monthly: number;
  /** The true probability of leaving. */
  readonly risk: number;
  readonly churned: boolean;
}

const EFFECT: Readonly<Record<string, number>> = {
  'Month-to-month': 0.9,
  'One year': -0.8,
  'Two year': -1.9,
  'Fiber optic': 0.6,
  DSL: -0.1,
  No: -0.9,
  'Electronic check': 0.4,
  'Mailed check': 0,
  'Credit card (automatic)': -0.2,
};

/** Customers of a telephone company, much like the table that many churn lessons use: about a quarter leave. */
export function phoneCustomers(count: number, seed = 11): PhoneCustomer[] {
  const random = seededRandom(seed);
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)];
  return Array.from({ length: count }, (_, i) => {
    const contract = pick(['Month-to-month', 'Month-to-month', 'One year', 'Two year']);
    const internet = pick(['Fiber optic', 'Fiber optic', 'DSL', 'No']);
    const payment = pick(['Electronic check', 'Mailed check', 'Credit card (automatic)']);
    const tenure = Math.floor(73 * random());
    const base = { 'Fiber optic': 70, DSL: 45, No: 18 }[internet] ?? 0;
    const monthly = Math.round((base + 30 * random()) * 20) / 20;
    const margin = EFFECT[contract] + EFFECT[internet] + EFFECT[payment] - 0.03 * (tenure - 30) - 0.9;
    const risk = 1 / (1 + Math.exp(-margin));
    const id = `${String(1000 + i)}-${pick(['ABCDE', 'VHVEG', 'GNVDE', 'QPYBK'])}`;
    return { id, contract, internet, payment, tenure, monthly, risk, churned: random() < risk };
  });
}

/** As the file of the lessons: total charges are a blank for those who have just come. */
export function phoneCsv(customers: readonly PhoneCustomer[]): string {
  const header =
    'customerID,gender,SeniorCitizen,tenure,Contract,InternetService,PaymentMethod,MonthlyCharges,TotalCharges,Churn';
  const lines = customers.map(({ id, contract, internet, payment, tenure, monthly, churned }, i) =>
    [
      id,
      i % 2 === 0 ? 'Female' : 'Male',
      i % 7 === 0 ? 1 : 0,
      tenure,
      contract,
      internet,
      payment,
      monthly.toFixed(2),
      tenure === 0 ? ' ' : (tenure * monthly).toFixed(2),
      churned ? 'Yes' : 'No',
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}
