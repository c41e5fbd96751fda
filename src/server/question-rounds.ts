/**
 * Questions in the middle of a request whose client has no connection: the request is answered with a form
 * (`input_required`), and comes again with what the person said. Until then its work is told that nobody has answered, so it
 * ends and has done nothing.
 *
 * Between the rounds, `requestState` travels through the client: which form was shown for which request, and what earlier
 * forms were answered. It is signed, belongs to the principal and to the request's parameters, and ends after ten minutes. So
 * an answer counts only if the form was shown, with these words, for this request.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { sha256Of } from '../files/checksum.ts';
import { type Asked, canAsk, type Form } from './ask-person.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import type { Result } from './request-handlers.ts';

const stateSchema = z.object({
  request: z.string(),
  /** Of the form that was shown. */
  form: z.string(),
  /** What earlier forms were answered, by their digests. */
  answers: z.record(z.string(), z.unknown()),
});
type State = z.output<typeof stateSchema>;

/** Signs states for one principal, and reads them. */
export class QuestionSeal {
  readonly #codec: () => Promise<RequestStateCodec<unknown>>;

  constructor(key: () => Promise<Uint8Array>, principal: string) {
    this.#codec = async () =>
      createRequestStateCodec({ key: await key(), bind: ({ mcpReq }) => `${mcpReq.method}\0${principal}` });
  }

  async sign(state: State, context: ServerContext): Promise<string> {
    return (await this.#codec()).mint(state, context);
  }

  /** @throws RequestError unless we signed it for this principal, at most ten minutes ago */
  async read(state: string, context: ServerContext): Promise<State> {
    try {
      return stateSchema.parse(await (await this.#codec()).verify(state, context));
    } catch {
      throw new RequestError(RPC_CODES.params, REFUSED_STATE, { reason: 'invalid_request_state' });
    }
  }
}

const REFUSED_STATE =
  'Invalid or expired requestState: this server did not give it to this caller within the last ten minutes. Send the request again without requestState and inputResponses.';

/** The forms of one request. */
export class QuestionRounds {
  readonly #context: ServerContext;
  readonly #seal: QuestionSeal;
  /** What the request is for: its parameters without what belongs to a round. */
  readonly #request: string;
  /** The form that the round before showed. */
  readonly #before: string | undefined;
  readonly #answers: Record<string, unknown>;
  #shown: Form | undefined;

  /** @throws RequestError if the request brings a state that is not ours */
  static async of(
    params: Readonly<Record<string, unknown>>,
    context: ServerContext,
    seal: QuestionSeal,
  ): Promise<QuestionRounds> {
    const { _meta, inputResponses, requestState, ...rest } = params;
    const request = digestOf(rest);
    const given: unknown = context.mcpReq.requestState();
    const state = typeof given === 'string' ? await seal.read(given, context) : undefined;
    return new QuestionRounds(context, seal, request, state?.request === request ? state : undefined);
  }

  private constructor(
    context: ServerContext,
    seal: QuestionSeal,
    request: string,
    before: State | undefined,
  ) {
    this.#context = context;
    this.#seal = seal;
    this.#request = request;
    this.#before = before?.form;
    this.#answers = { ...before?.answers };
  }

  async ask(form: Form): Promise<Asked> {
    const { inputResponses } = this.#context.mcpReq;
    const envelope: Readonly<Record<string, unknown>> = this.#context.mcpReq.envelope ?? {};
    const digest = digestOf(form);
    const response: unknown = inputResponses?.[form.name];
    if (this.#before === digest && response !== undefined) this.#answers[digest] = response;
    if (digest in this.#answers) return { kind: 'answered', response: this.#answers[digest] };
    if (!canAsk(envelope[CLIENT_CAPABILITIES_META_KEY])) return { kind: 'not asked' };
    this.#shown = form;
    return { kind: 'unanswered' };
  }

  /** What the request is answered with, if its work asked something that nobody has answered yet. */
  async result(): Promise<Result | undefined> {
    if (this.#shown === undefined) return undefined;
    const { name, ...form } = this.#shown;
    const state = { request: this.#request, form: digestOf(this.#shown), answers: this.#answers };
    return {
      resultType: 'input_required',
      inputRequests: { [name]: { method: 'elicitation/create', params: { mode: 'form', ...form } } },
      requestState: await this.#seal.sign(state, this.#context),
    };
  }
}

function digestOf(value: object): string {
  return sha256Of(JSON.stringify(value));
}
