/** Sets the clock of a process and its threads, as seen by JavaScript, by so many milliseconds: for tests of clocks that are wrong. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const TrueDate = Date;

globalThis.Date = class extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + ahead);
    else super(...given);
  }

  static now() {
    return TrueDate.now() + ahead;
  }
};
