/**
 * Preloaded into a process (`node --import`): writes which modules it asks for and which hosts it connects to, a line
 * each, to the file that TRACE_FILE names.
 */
import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
import { Socket } from 'node:net';

const file = process.env.TRACE_FILE;
const note = (kind, what) => appendFileSync(file, `${kind} ${what}\n`);

register(
  `data:text/javascript,${encodeURIComponent(`
    import { appendFileSync } from 'node:fs';
    export async function resolve(specifier, context, next) {
      appendFileSync(${JSON.stringify(file)}, 'module ' + specifier + '\\n');
      return next(specifier, context);
    }`)}`,
);

const load = Module._load;
Module._load = function (request, ...rest) {
  note('module', request);
  return load.call(this, request, ...rest);
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  note(
    'host',
    typeof options === 'object' ? `${options.host ?? options.path}:${options.port}` : String(options),
  );
  return connect.apply(this, args);
};
