import { join } from 'node:path';
import type { DataSource, Id } from '../data/data-source.ts';
import { writeTable } from '../data/table-file.ts';
import { plainText } from '../text/plain-text.ts';
import { contactedBy } from './campaign-course.ts';
import type { CampaignPlan } from './campaign-plan.ts';

/** Whom to write to, as far as the imported customers say it; empty where they do not. */
export interface Contact {
  readonly customerId: Id;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

interface ContactFile {
  /** Without its ending. */
  readonly name: string;
  readonly endings: readonly ('csv' | 'xlsx')[];
  /** A mail tool takes nobody without an e-mail address. */
  readonly needsEmail: boolean;
  readonly columns: Readonly<Record<string, (contact: Contact, campaign: string) => string>>;
}

const firstName = (contact: Contact) => contact.firstName;
const lastName = (contact: Contact) => contact.lastName;
const email = (contact: Contact) => contact.email;
const phone = (contact: Contact) => contact.phone;
const campaignName = (_: Contact, campaign: string) => campaign;
const customerId = (contact: Contact) => String(contact.customerId);

/**
 * The column names that each tool's import knows by itself. None says that a customer agreed to be written to: the data does
 * not tell, and the tool knows.
 */
const FILES: readonly ContactFile[] = [
  {
    name: 'contacts',
    endings: ['csv', 'xlsx'],
    needsEmail: false,
    columns: {
      customer_id: customerId,
      first_name: firstName,
      last_name: lastName,
      email,
      phone,
      campaign: campaignName,
    },
  },
  {
    name: 'contacts-klaviyo',
    endings: ['csv'],
    needsEmail: true,
    columns: {
      Email: email,
      'First Name': firstName,
      'Last Name': lastName,
      'Phone Number': phone,
      'Customer ID': customerId,
      Campaign: campaignName,
    },
  },
  {
    name: 'contacts-mailchimp',
    endings: ['csv'],
    needsEmail: true,
    columns: {
      'Email Address': email,
      'First Name': firstName,
      'Last Name': lastName,
      'Phone Number': phone,
      Tags: campaignName,
    },
  },
  {
    name: 'contacts-shopify',
    endings: ['csv'],
    needsEmail: true,
    columns: {
      'First Name': firstName,
      'Last Name': lastName,
      Email: email,
      Phone: phone,
      Tags: campaignName,
    },
  },
];

export function isContactList(fileName: string): boolean {
  return FILES.some(({ name, endings }) => endings.some((ending) => fileName === `${name}.${ending}`));
}

/** The contacted customers of a campaign, in its order: never one who is held out. */
export async function readContactList(
  plan: CampaignPlan,
  data: DataSource,
  signal?: AbortSignal | undefined,
): Promise<Contact[]> {
  const table = await data.columns({
    file: 'portable/reads/customer_contacts',
    values: [],
    isLarge: true,
    signal,
  });
  const rows = new Map(table.ids('customer_id').map((id, row) => [String(id), row]));
  const column = (name: string) => {
    const texts = table.text(name);
    return (row: number | undefined) => plainText((row === undefined ? null : texts[row]) ?? '');
  };
  const [first, last, mail, number] = ['first_name', 'last_name', 'email', 'phone'].map(column);
  return contactedBy(plan).map((customerId) => {
    const row = rows.get(String(customerId));
    return { customerId, firstName: first(row), lastName: last(row), email: mail(row), phone: number(row) };
  });
}

/** Writes the list for people and for the tools that send mail, into a folder. @returns the names of the files */
export async function writeContactLists(
  contacts: readonly Contact[],
  campaign: string,
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  for (const { name, endings, needsEmail, columns } of FILES) {
    const listed = needsEmail ? contacts.filter((contact) => contact.email !== '') : contacts;
    if (listed.length === 0) continue;
    const header = Object.keys(columns);
    const rows = listed.map((contact) => Object.values(columns).map((cell) => cell(contact, campaign)));
    for (const ending of endings) {
      await writeTable({ columns: columnsOf(header, rows) }, join(folder, `${name}.${ending}`));
      written.push(`${name}.${ending}`);
    }
  }
  return written;
}

function columnsOf(header: readonly string[], rows: readonly (readonly string[])[]) {
  return header.map((name, column) => ({ name, values: rows.map((row) => row[column]) }));
}
