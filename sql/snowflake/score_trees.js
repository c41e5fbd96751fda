// Walks trees inside the warehouse, without any package: what stands before the body of each function that is made of
// them. A node takes eight bytes: its feature (65535 at a leaf; the highest bit says that missing values go left), how
// far away its right child is (the left one follows it), and its threshold or leaf value in float32.

function bytesOf(base64) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bytes = new Uint8Array((base64.length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let length = 0;
  for (let index = 0; index < base64.length; index++) {
    bits = ((bits << 6) | alphabet.indexOf(base64[index])) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}

// biome-ignore lint/correctness/noUnusedVariables: called by the body that follows
function treesOf(base64, nodeCounts) {
  const nodes = new DataView(bytesOf(base64).buffer);
  const starts = [];
  let start = 0;
  for (const count of nodeCounts) {
    starts.push(start);
    start += count;
  }
  return { nodes, starts };
}

function leafOf(nodes, start, values) {
  let node = start;
  for (;;) {
    const split = nodes.getUint16(8 * node, true);
    const number = nodes.getFloat32(8 * node + 4, true);
    if (split === 65535) return number;
    const value = values[split & 0x7fff];
    const isMissing = value === undefined || value === null || Number.isNaN(value);
    const goesLeft = isMissing ? split >= 0x8000 : Math.fround(value) < number;
    node += goesLeft ? 1 : nodes.getUint16(8 * node + 2, true);
  }
}

// In float32 and in the order of the trees, as everywhere.
// biome-ignore lint/correctness/noUnusedVariables: called by the body that follows
function addLeaves(trees, values, score) {
  let sum = Math.fround(score);
  for (const start of trees.starts) sum = Math.fround(sum + leafOf(trees.nodes, start, values));
  return sum;
}
