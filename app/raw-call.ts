export type Arguments = Readonly<Record<string, unknown>>;

/** A tool call as the protocol answers it. */
export type RawCall = (name: string, args: Arguments) => Promise<unknown>;
