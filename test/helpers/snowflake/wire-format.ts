import { type DuckDBType, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';

/** A column as the protocol describes it. */
export interface RowType {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly scale: number | null;
  readonly precision: number | null;
  readonly length: number | null;
  readonly byteLength: number | null;
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

export type Cell = string | null;

const MICROSECONDS = 1_000_000n;

/** Unquoted names are upper case in the warehouse, whatever the statement says. */
export function rowTypeOf(name: string, type: DuckDBType): RowType {
  return {
    name: name.toUpperCase(),
    nullable: true,
    length: null,
    byteLength: null,
    database: '',
    schema: '',
    table: '',
    scale: null,
    precision: null,
    ...wireType(type),
  };
}

function wireType(type: DuckDBType): Pick<RowType, 'type'> & Partial<RowType> {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { type: 'boolean' };
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return { type: 'real' };
    case DuckDBTypeId.DATE:
      return { type: 'date' };
    case DuckDBTypeId.TIMESTAMP:
      return { type: 'timestamp_ntz', scale: 9, precision: 0 };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { type: 'timestamp_ltz', scale: 9, precision: 0 };
    case DuckDBTypeId.DECIMAL:
      return { type: 'fixed', precision: type.width, scale: type.scale };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
      return { type: 'fixed', precision: 38, scale: 0 };
    case DuckDBTypeId.BLOB:
      return { type: 'binary', length: 8_388_608, byteLength: 8_388_608 };
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.SQLNULL:
      return { type: 'text', length: 16_777_216, byteLength: 16_777_216 };
    default:
      throw new Error(`The test warehouse has no type for ${type.toString()}.`);
  }
}

/** A value as the text of a cell: epoch days for dates, epoch seconds with nine decimals for timestamps, hex for bytes. */
export function cellOf(value: DuckDBValue, { type }: RowType): Cell {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'object' && 'micros' in value && type.startsWith('timestamp')) {
    return timestampCell(BigInt(value.micros));
  }
  if (typeof value === 'object' && 'days' in value && type === 'date') return String(value.days);
  if (typeof value === 'object' && 'bytes' in value && type === 'binary') {
    return Buffer.from(value.bytes).toString('hex').toUpperCase();
  }
  return String(value);
}

function timestampCell(micros: bigint): string {
  const rest = ((micros % MICROSECONDS) + MICROSECONDS) % MICROSECONDS;
  const seconds = (micros - rest) / MICROSECONDS;
  return `${seconds}.${String(rest).padStart(6, '0')}000`;
}
