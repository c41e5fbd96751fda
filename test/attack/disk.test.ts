/** A disk that is full, may only be read, or is gone: every command says so, loses nothing, and goes on once the disk is back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Mounts are seen by the script alone, and end with it. */
const UNSHARE = ['--user', '--map-root-user', '--mount'];

function isAllowed(): boolean {
  try {
    execFileSync('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const CLI = join(packageRoot(), 'dist', 'cli.js');
const COMPILED = join(packageRoot(), 'dist', 'compiled');
const orders = writeOrders(folder, 0);
const more = writeOrders(folder, 1);
const rows = join(folder, 'rows.ndjson');
const row = (i: number) =>
  `{"order_id":"n${i}","customer_id":"c","order_date":"2025-12-01","total_amount":1}\n`;
writeFileSync(rows, Array.from({ length: 4000 }, (_, i) => row(i)).join(''));
const TRAIN = `call train_churn_model '{"label":"inactivity","params":{"n_estimators":3}}'`;
const SEND = `ingest ${rows} --kind orders --channel shop --no-refresh --json`;

/**
 * Runs a script whose home is a small disk of its own. `run COMMAND` says how the command ended: its exit code, and the
 * first line of its error.
 */
function onSmallDisk(script: string): string[] {
  const prelude = `
    set -u
    mkdir -p "$HOME_DISK" && mount -t tmpfs -o size=48m tmpfs "$HOME_DISK"
    export CHURN_MCP_HOME="$HOME_DISK/home" TMPDIR="$HOME_DISK"
    # There is no room for compiled code either.
    mkdir -p '${COMPILED}' && mount -t tmpfs -o size=4k tmpfs '${COMPILED}'
    run() { eval "'${process.execPath}' '${CLI}' $1 -q" > "$WORK/out" 2> "$WORK/err"; code=$?
      echo "$1 => $code: $(head -n 1 "$WORK/err")"; }
    orders() { '${process.execPath}' '${CLI}' doctor -q | grep -o 'Data: [0-9,]* orders'; }
    free_only() { rm -f "$HOME_DISK/filler"; avail=$(df --output=avail -k "$HOME_DISK" | tail -n 1)
      [ "$avail" -gt "$1" ] && dd if=/dev/zero of="$HOME_DISK/filler" bs=1k count=$((avail - $1)) status=none; true; }
  `;
  const { stdout, stderr, status } = spawnSync('unshare', [...UNSHARE, 'bash', '-c', prelude + script], {
    encoding: 'utf8',
    env: { ...process.env, HOME_DISK: join(folder, 'disk'), WORK: folder },
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trim().split('\n');
}

const STORAGE = / => 3: (?:STORAGE: )?(?:The home folder cannot be written|.*disk is full|.*cannot be)/;

describe.skipIf(!isAllowed())('a disk of its own (skipped if mounts are not allowed)', () => {
  it('may fill up at any moment: what is there stays as it was, and the command says what to do', {
    timeout: TIMEOUT_MS,
  }, () => {
    const sizes = IS_FULL ? [0, 4, 16, 64, 256, 400, 1024, 2048, 4096] : [0, 1024];
    const said = onSmallDisk(`
      run "import --orders ${orders}"
      run "${TRAIN.replaceAll('"', '\\"')}"
      for kb in ${sizes.join(' ')}; do
        for command in "import --orders ${more}" "${SEND}" "refresh" "${TRAIN.replaceAll('"', '\\"')}"; do
          free_only $kb; run "$command"
        done
        free_only 20000; run doctor
      done
      rm -f "$HOME_DISK/filler"
      run "${SEND}"; run refresh; run doctor
      orders
    `);
    const [imported, trained, ...rest] = said;
    expect([imported, trained].map((line) => / => (\d+):/.exec(line)?.[1])).toEqual(['0', '0']);
    const wrong = rest.filter(
      (line) => line.includes(' => ') && !/ => 0: ?$/.test(line) && !STORAGE.test(line),
    );
    expect(wrong).toEqual([]);
    expect(rest.some((line) => STORAGE.test(line))).toBe(true);
    // 1,500 or 1,600 were imported, and 4,000 sent.
    expect(said.at(-1)).toMatch(/^Data: 5,[56]00 orders$/);
    expect(rest.filter((line) => line.startsWith('doctor')).every((line) => / => 0: ?$/.test(line))).toBe(
      true,
    );
  });

  it('may be read only: questions are answered, and what would write says so', {
    timeout: TIMEOUT_MS,
  }, () => {
    const said = onSmallDisk(`
      run "import --orders ${orders}"
      run "${TRAIN.replaceAll('"', '\\"')}"
      mount -o remount,ro "$HOME_DISK"
      run "call get_shop_overview"; run "models"; run "import --orders ${more}"; run "${SEND}"
      run "${TRAIN.replaceAll('"', '\\"')}"; run refresh
    `);
    expect(said.map((line) => line.replaceAll(folder, 'FOLDER'))).toMatchInlineSnapshot(`
      [
        "import --orders FOLDER/orders-0.csv => 0: ",
        "call train_churn_model '{"label":"inactivity","params":{"n_estimators":3}}' => 0: ",
        "call get_shop_overview => 0: ",
        "models => 0: ",
        "import --orders FOLDER/orders-1.csv => 3: The home folder cannot be written, or its disk is full. Free some space, or choose another folder with CHURN_MCP_HOME. The existing data is unchanged.",
        "ingest FOLDER/rows.ndjson --kind orders --channel shop --no-refresh --json => 3: The home folder cannot be written, or its disk is full. Free some space, or choose another folder with CHURN_MCP_HOME. The existing data is unchanged.",
        "call train_churn_model '{"label":"inactivity","params":{"n_estimators":3}}' => 3: The home folder cannot be written, or its disk is full. Free some space, or choose another folder with CHURN_MCP_HOME. The existing data is unchanged.",
        "refresh => 0:",
      ]
    `);
  });
});
