/** What the conformance suite asks of a server that wants data: its forms, through the product's own questions to a person. */
import type { Form } from '../../src/server/ask-person.ts';
import type { RequestContext } from '../../src/server/request-handlers.ts';

/** What the client said to each form of a fixture; undefined for all other names. */
export async function answersTo(
  name: string,
  { ask, signal }: RequestContext,
): Promise<string[] | undefined> {
  const forms = FORMS[name];
  if (forms === undefined) return undefined;
  const answers: string[] = [];
  for (const form of forms) {
    const asked = await ask(form, signal);
    // The work ends here; its answer is not read if the client is asked.
    if (asked.kind !== 'answered') return [...answers, asked.kind];
    answers.push(JSON.stringify(asked.response));
  }
  return answers;
}

function formOf(name: string, message: string, properties: Form['requestedSchema']['properties']): Form {
  return {
    name,
    message,
    requestedSchema: { type: 'object', properties, required: Object.keys(properties) },
  };
}

const STRING = { type: 'string' };
const OPTIONS = ['option1', 'option2', 'option3'];
const TITLED = ['value1', 'value2', 'value3'].map((value) => ({ const: value, title: `Title of ${value}` }));
const CONFIRM = formOf('confirm', 'Please confirm', { ok: { type: 'boolean' } });

const FORMS: Readonly<Record<string, readonly Form[]>> = {
  test_elicitation: [
    formOf('user', 'Please provide your information', {
      username: { ...STRING, description: "User's response" },
      email: { ...STRING, description: "User's email address" },
    }),
  ],
  test_elicitation_sep1034_defaults: [
    formOf('defaults', 'Please check these values', {
      name: { ...STRING, default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { ...STRING, enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  ],
  test_elicitation_sep1330_enums: [
    formOf('choices', 'Please choose', {
      untitledSingle: { ...STRING, enum: OPTIONS },
      titledSingle: { ...STRING, oneOf: TITLED },
      legacyEnum: {
        ...STRING,
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { ...STRING, enum: OPTIONS } },
      titledMulti: { type: 'array', items: { anyOf: TITLED } },
    }),
  ],
  test_input_required_result_elicitation: [formOf('user_name', 'What is your name?', { name: STRING })],
  test_input_required_result_request_state: [CONFIRM],
  test_input_required_result_tampered_state: [CONFIRM],
  test_input_required_result_multi_round: [
    formOf('step1', 'Step 1: What is your name?', { name: STRING }),
    formOf('step2', 'Step 2: What is your favorite color?', { color: STRING }),
  ],
  test_input_required_result_prompt: [
    formOf('user_context', 'What context should the prompt use?', { context: STRING }),
  ],
};
