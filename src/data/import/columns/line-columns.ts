import { comparableName } from './comparable-name.ts';

/** Names of lists that hold the lines of an order, as `comparableName` gives them. */
const LINE_LISTS = new Set(
  `lineitems items lines orderitems orderlines orderedproducts products productlines cart cartitems basket basketitems
  positions orderpositions articles details orderdetails invoicelines purchasedproducts saleorderlines salesorderlines orderline lineitem
  positionen artikel bestellpositionen auftragszeilen auftragspositionen rechnungszeilen lignes lignesdecommande lineasdepedido lineasdelpedido articulos righeordine articoli righe linhasdopedido itens regels pozycje`.split(
    /\s+/,
  ),
);

export function isLineList(name: string): boolean {
  return LINE_LISTS.has(comparableName(name));
}

/** `Order Lines/Product`: a list, and the column within it. */
const WITHIN_A_LIST = /^\s*([^/:]+?)\s*[/:]\s*(\S.*)$/;

/**
 * The names of a table's columns as they are compared. ERP systems name a column of a line after its list: `Order
 * Lines/Quantity` is the line's quantity, and the `Total` beside it the order's.
 */
export function namesOfColumns(columns: readonly string[]): string[] {
  const withinLists = columns.map((column) => {
    const [, list = '', within] = WITHIN_A_LIST.exec(column) ?? [];
    return isLineList(list) ? within : undefined;
  });
  const hasLists = withinLists.some((within) => within !== undefined);
  return columns.map((column, at) => {
    const within = withinLists[at];
    const name = comparableName(within ?? column);
    if (within !== undefined) return /^(sub)?total$/.test(name) ? `line${name}` : name;
    return hasLists && /^(amount)?total(amount)?$/.test(name) ? 'ordertotal' : name;
  });
}
