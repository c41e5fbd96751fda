/** The parts of a deployment, in the order of its steps. */
export const PARTS = [
  'schemas',
  'serving',
  'interactive',
  'models',
  'campaigns',
  'inference',
  'onnx',
  'procedure',
  'answers',
  'external-mcp',
  'agent',
  'mcp',
  'containers',
  'service',
  'task',
  'roles',
] as const;
export type Part = (typeof PARTS)[number];

/** The parts that need no package, address or container image, exist in every region, and bill only while somebody asks. */
export const DEFAULT_PARTS: readonly Part[] = [
  'schemas',
  'serving',
  'models',
  'campaigns',
  'inference',
  'procedure',
  'answers',
  'agent',
  'mcp',
];

/** The parts that are made only if somebody names them. */
export const NAMED_PARTS: readonly Part[] = PARTS.filter((part) => !DEFAULT_PARTS.includes(part));

/** The parts without which one cannot be made. Those of a part are made before it. */
export const NEEDS_PARTS: Readonly<Record<Part, readonly Part[]>> = {
  schemas: [],
  serving: ['schemas'],
  interactive: ['serving'],
  models: ['schemas'],
  campaigns: ['schemas'],
  inference: ['serving'],
  onnx: ['models'],
  procedure: ['inference'],
  answers: ['schemas'],
  agent: ['procedure', 'answers'],
  mcp: ['procedure', 'answers'],
  'external-mcp': ['schemas'],
  containers: ['schemas'],
  service: ['containers'],
  task: ['containers'],
  roles: ['schemas'],
};
