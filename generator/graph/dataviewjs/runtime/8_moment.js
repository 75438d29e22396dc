// The part of moment that notes use: Obsidian offers it to scripts as a global. Local time is UTC.

(() => {
  const { DateTime, Duration } = nt;
  const LETTERS = { y: "years", Q: "quarters", M: "months", w: "weeks", W: "weeks", d: "days", h: "hours", m: "minutes", s: "seconds", ms: "milliseconds", date: "days", isoWeek: "weeks" };
  const unitOf = name => LETTERS[name] ?? LETTERS[String(name).replace(/s$/, "")] ?? `${String(name).toLowerCase().replace(/s$/, "")}s`;
  const amountOf = (amount, unit) =>
    amount instanceof Length ? amount.length : typeof amount === "object" ? Duration.fromObject(amount) : Duration.fromObject({ [unitOf(unit ?? "ms")]: Number(amount) });

  const suffix = number => ["th", "st", "nd", "rd"][number % 100 > 10 && number % 100 < 14 ? 0 : number % 10] ?? "th";
  // The week of the year that starts on Sundays, the first of January in week 1.
  const sundayWeek = date => {
    const first = date.startOf("year");
    return Math.floor((date.ordinal - 1 + (first.weekday % 7)) / 7) + 1;
  };
  const TOKENS = {
    YYYY: "yyyy", YY: "yy", Y: "y", MMMM: "MMMM", MMM: "MMM", MM: "MM", M: "M", DDDD: "ooo", DDD: "o", DD: "dd", D: "d", dddd: "cccc", ddd: "ccc", E: "c",
    HH: "HH", H: "H", hh: "hh", h: "h", mm: "mm", m: "m", ss: "ss", s: "s", SSS: "SSS", A: "a", WW: "WW", W: "W", GGGG: "kkkk", gggg: "kkkk", Q: "q", X: "X", x: "x", Z: "ZZ", ZZ: "ZZZ",
    L: "MM/dd/yyyy", LL: "DDD", LLL: "DDD t", LLLL: "cccc, DDD t", LT: "t", LTS: "tt",
  };
  const COMPUTED = {
    Do: date => date.day + suffix(date.day), Mo: date => date.month + suffix(date.month), a: date => (date.hour < 12 ? "am" : "pm"),
    dd: date => date.weekdayShort.slice(0, 2), d: date => date.weekday % 7, e: date => date.weekday % 7,
    ww: date => String(sundayWeek(date)).padStart(2, "0"), w: date => sundayWeek(date),
  };
  const FORM = /\[([^\]]*)\]|Do|Mo|LTS?|L{1,4}|Y{1,4}|M{1,4}|D{1,4}|d{1,4}|E|e|HH?|hh?|mm?|ss?|S{3}|A|a|ww?|WW?|GGGG|gggg|Q|X|x|ZZ?/g;
  const formatted = (date, form = "YYYY-MM-DDTHH:mm:ssZ") =>
    date.isValid
      ? form.replace(FORM, (token, literal) => (literal !== undefined ? literal : token in COMPUTED ? COMPUTED[token](date) : date.toFormat(TOKENS[token])))
      : "Invalid date";
  const luxonForm = form => form.replace(FORM, (token, literal) => (literal !== undefined ? `'${literal}'` : TOKENS[token] ?? token));

  const read = (value, form) => {
    if (value === undefined) return DateTime.now();
    if (value === null) return new DateTime(NaN);
    if (value instanceof Moment) return value.date_;
    if (value instanceof DateTime) return value;
    if (value instanceof Date || typeof value === "number") return new DateTime(Number(value));
    if (Array.isArray(value)) return nt.fromParts([value[0], (value[1] ?? 0) + 1, ...Array.from(value).slice(2)]);
    if (typeof value === "object") return DateTime.fromObject({ ...value, month: (value.month ?? value.M ?? 0) + 1 });
    for (const each of form ? [form].flat() : []) {
      const found = DateTime.fromFormat(String(value), luxonForm(each));
      if (found.isValid) return found;
    }
    return form ? new DateTime(NaN) : DateTime.fromISO(String(value).replace(" ", "T"));
  };

  const words = milliseconds => {
    const size = Math.abs(milliseconds) / 1000;
    const steps = [[45, "a few seconds"], [90, "a minute"], [2670, 60, "minutes"], [5370, "an hour"], [77400, 3600, "hours"], [127800, "a day"], [2203200, 86400, "days"],
      [3931200, "a month"], [27600000, 2629800, "months"], [47260800, "a year"]];
    const [, ...what] = steps.find(([below]) => size < below) ?? [0, 31557600, "years"];
    return what.length === 1 ? what[0] : `${Math.round(size / what[0])} ${what[1]}`;
  };

  class Length {
    constructor(length) { this.length = length; }
    as(unit) { return this.length.as(unitOf(unit)); }
    humanize(withSuffix = false) {
      const text = words(this.length.toMillis());
      return withSuffix ? (this.length.toMillis() < 0 ? `${text} ago` : `in ${text}`) : text;
    }
    valueOf() { return this.length.toMillis(); }
    toISOString() { return this.length.toISO(); }
  }
  for (const name of ["Years", "Months", "Weeks", "Days", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    Length.prototype[`as${name}`] = function () { return this.as(name); };
    Length.prototype[name.toLowerCase()] = function () { return Math.trunc(nt.normalized(this.length).get(name)); };
  }

  class Moment {
    constructor(date) { this.date_ = date; }
    clone() { return new Moment(this.date_); }
    become(date) { this.date_ = date; return this; }
    isValid() { return this.date_.isValid; }
    format(form) { return formatted(this.date_, form); }
    add(amount, unit) { return this.become(this.date_.plus(amountOf(amount, unit))); }
    subtract(amount, unit) { return this.become(this.date_.minus(amountOf(amount, unit))); }
    startOf(unit) {
      const sunday = unit === "week" || unit === "weeks" || unit === "w";
      return this.become(sunday ? this.date_.minus({ days: this.date_.weekday % 7 }).startOf("day") : this.date_.startOf(unitOf(unit)));
    }
    endOf(unit) { return this.startOf(unit).add(1, unit).subtract(1, "ms"); }
    diff(other, unit = "ms", exact = false) {
      const amount = this.date_.diff(read(other), unitOf(unit)).get(unitOf(unit));
      return exact ? amount : Math.trunc(amount);
    }
    compare(other, unit) {
      const [a, b] = [this, moment(other)].map(each => (unit ? each.clone().startOf(unit) : each).valueOf());
      return Math.sign(a - b);
    }
    isBefore(other, unit) { return this.compare(other, unit) < 0; }
    isAfter(other, unit) { return this.compare(other, unit) > 0; }
    isSame(other, unit) { return this.compare(other, unit) === 0; }
    isSameOrBefore(other, unit) { return this.compare(other, unit) <= 0; }
    isSameOrAfter(other, unit) { return this.compare(other, unit) >= 0; }
    isBetween(from, to, unit) { return this.isAfter(from, unit) && this.isBefore(to, unit); }
    fromNow(bare) { return this.from(undefined, bare); }
    from(other, bare) { return new Length(this.date_.diff(read(other))).humanize(!bare); }
    to(other, bare) { return moment(other).from(this, bare); }
    get(unit) { return this[unitOf(unit).replace(/s$/, "").replace(/^day$/, "date")](); }
    set(unit, value) { return this[unitOf(unit).replace(/s$/, "").replace(/^day$/, "date")](value); }
    day(value) { return value === undefined ? this.date_.weekday % 7 : this.add(value - (this.date_.weekday % 7), "days"); }
    weekday(value) { return this.day(value); }
    isoWeekday(value) { return value === undefined ? this.date_.weekday : this.add(value - this.date_.weekday, "days"); }
    month(value) { return value === undefined ? this.date_.month - 1 : this.become(this.date_.set({ month: value + 1 })); }
    week() { return sundayWeek(this.date_); }
    isoWeek() { return this.date_.weekNumber; }
    isoWeekYear() { return this.date_.weekYear; }
    quarter() { return this.date_.quarter; }
    dayOfYear() { return this.date_.ordinal; }
    daysInMonth() { return this.date_.daysInMonth; }
    valueOf() { return this.date_.ts; }
    unix() { return Math.floor(this.date_.ts / 1000); }
    toDate() { return new Date(this.date_.ts); }
    toISOString() { return this.toDate().toISOString(); }
    toJSON() { return this.toISOString(); }
    toString() { return this.format("ddd MMM DD YYYY HH:mm:ss [GMT]ZZ"); }
    utc() { return this; }
    local() { return this; }
    locale() { return this; }
  }
  for (const [name, part] of Object.entries({ year: "year", date: "day", hour: "hour", minute: "minute", second: "second", millisecond: "millisecond" }))
    Moment.prototype[name] = Moment.prototype[name === "date" ? name : `${name}s`] = function (value) {
      return value === undefined ? this.date_[part] : this.become(this.date_.set({ [part]: value }));
    };

  const moment = (value, form) => new Moment(read(value, form));
  Object.assign(moment, {
    utc: moment,
    unix: seconds => moment(seconds * 1000),
    duration: (amount, unit) => new Length(typeof amount === "string" && unit === undefined ? Duration.fromISO(amount) : amountOf(amount, unit)),
    isMoment: value => value instanceof Moment,
    now: () => nt.now,
    locale: () => "en",
    months: () => nt.Info.months(),
    weekdays: () => [...nt.Info.weekdays().slice(6), ...nt.Info.weekdays().slice(0, 6)],
    max: (...values) => values.flat().reduce((a, b) => (b > a ? b : a)),
    min: (...values) => values.flat().reduce((a, b) => (b < a ? b : a)),
  });
  globalThis.moment = moment;
})();
