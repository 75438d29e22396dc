// Dates and durations in the interface of Luxon that scripts use. Local time is UTC.

(() => {
  const NativeDate = nt.NativeDate;
  const UNITS = ["years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"];
  const DAY = 86400000;
  const LENGTH = {
    years: 365 * DAY, months: 30 * DAY, weeks: 7 * DAY, days: DAY, hours: 3600000, minutes: 60000,
    seconds: 1000, milliseconds: 1, quarters: 91 * DAY,
  };
  const STEP = [12, 4, 7, 24, 60, 60, 1000];
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December"];
  const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

  const plural = unit => {
    const name = String(unit).toLowerCase().replace(/s$/, "") + "s";
    if (name === "weekdays" || name === "weeknumbers") return "weeks";
    if (!(name in LENGTH)) throw new Error(`Invalid unit ${unit}`);
    return name;
  };
  const pad = (number, width) => {
    const text = String(Math.abs(Math.trunc(number)));
    return (number < 0 ? "-" : "") + "0".repeat(Math.max(0, width - text.length)) + text;
  };
  const UNEVEN = { "years months": 12, "years weeks": 52, "years quarters": 4, "quarters months": 3, "quarters weeks": 13, "months weeks": 4 };
  const ORDERED = ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"];
  // How many of the smaller unit the larger one holds.
  const conversion = (larger, smaller) => UNEVEN[`${larger} ${smaller}`] ?? LENGTH[larger] / LENGTH[smaller];

  class Duration {
    constructor(amounts) {
      this.values = amounts; // by unit, only those given
    }
    static fromObject(object) {
      const amounts = {};
      for (const [unit, amount] of Object.entries(object ?? {}))
        if (typeof amount === "number" && unit !== "locale") amounts[plural(unit)] = amount;
      return new Duration(amounts);
    }
    static fromMillis(milliseconds) {
      return new Duration({ milliseconds });
    }
    static fromDurationLike(value) {
      if (value instanceof Duration) return value;
      return typeof value === "number" ? Duration.fromMillis(value) : Duration.fromObject(value);
    }
    static fromISO(text) {
      const parts = /^(-)?P(?:(-?[\d.]+)Y)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)W)?(?:(-?[\d.]+)D)?(?:T(?:(-?[\d.]+)H)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)S)?)?$/.exec(text);
      const amounts = {};
      if (parts)
        UNITS.slice(0, 7).forEach((unit, place) => {
          if (parts[place + 2] !== undefined) amounts[unit] = Number(parts[place + 2]) * (parts[1] ? -1 : 1);
        });
      return new Duration(amounts);
    }
    static isDuration(value) {
      return value instanceof Duration;
    }
    get isValid() {
      return Object.values(this.values).every(Number.isFinite);
    }
    toObject() {
      return { ...this.values };
    }
    toMillis() {
      return Object.entries(this.values).reduce((sum, [unit, amount]) => sum + amount * LENGTH[unit], 0);
    }
    valueOf() {
      return this.toMillis();
    }
    get(unit) {
      return this.values[plural(unit)] ?? 0;
    }
    as(unit) {
      return this.shiftTo(unit).get(unit);
    }
    combine(other, sign) {
      const more = Duration.fromDurationLike(other).values;
      const amounts = { ...this.values };
      for (const [unit, amount] of Object.entries(more)) amounts[unit] = (amounts[unit] ?? 0) + sign * amount;
      return new Duration(amounts);
    }
    plus(other) {
      return this.combine(other, 1);
    }
    minus(other) {
      return this.combine(other, -1);
    }
    negate() {
      return this.mapUnits(amount => -amount);
    }
    mapUnits(change) {
      const amounts = {};
      for (const [unit, amount] of Object.entries(this.values)) amounts[unit] = change(amount, unit);
      return new Duration(amounts);
    }
    set(values) {
      return new Duration({ ...this.values, ...Duration.fromObject(values).values });
    }
    shiftTo(...units) {
      const wanted = ORDERED.filter(unit => units.map(plural).includes(unit));
      if (!wanted.length) return this;
      const amounts = {}, waiting = {};
      const last = wanted[wanted.length - 1];
      for (const unit of ORDERED) {
        if (!wanted.includes(unit)) {
          if (unit in this.values) waiting[unit] = this.values[unit];
          continue;
        }
        let own = this.values[unit] ?? 0;
        for (const larger of Object.keys(waiting)) {
          own += waiting[larger] * conversion(larger, unit);
          delete waiting[larger];
        }
        amounts[unit] = Math.trunc(own);
        waiting[unit] = own - amounts[unit];
      }
      for (const [unit, amount] of Object.entries(waiting)) amounts[last] += unit === last ? amount : amount / conversion(last, unit);
      return new Duration(carried(amounts));
    }
    shiftToAll() {
      return nt.normalized(this);
    }
    normalize() {
      const given = ORDERED.filter(unit => unit in this.values);
      const amounts = carried({ ...this.values });
      given.slice(0, -1).forEach((unit, place) => {
        const fraction = amounts[unit] % 1;
        amounts[unit] -= fraction;
        amounts[given[place + 1]] += fraction * conversion(unit, given[place + 1]);
      });
      return new Duration(amounts);
    }
    rescale() {
      return nt.shown(nt.normalized(this));
    }
    equals(other) {
      return other instanceof Duration && UNITS.every(unit => (this.values[unit] ?? 0) === (other.values[unit] ?? 0));
    }
    toHuman() {
      return UNITS.filter(unit => unit in this.values)
        .map(unit => {
          const amount = this.values[unit];
          return `${Math.round(amount * 1000) / 1000} ${Math.abs(amount) === 1 ? unit.slice(0, -1) : unit}`;
        })
        .join(", ");
    }
    toFormat(format) {
      const letters = { S: "milliseconds", s: "seconds", m: "minutes", h: "hours", d: "days", w: "weeks", M: "months", y: "years" };
      const tokens = [...format.matchAll(/'([^']*)'|([A-Za-z])\2*|[\s\S]/g)];
      const units = tokens.filter(token => token[1] === undefined && letters[token[0][0]]).map(token => letters[token[0][0]]);
      const amounts = units.length ? this.shiftTo(...units).values : {};
      return tokens
        .map(token => {
          if (token[1] !== undefined) return token[1];
          const unit = letters[token[0][0]];
          return unit ? pad(Math.floor(amounts[unit]), token[0].length) : token[0];
        })
        .join("");
    }
    toISO() {
      const part = (unit, letter) => (this.values[unit] ? `${this.values[unit]}${letter}` : "");
      const seconds = (this.values.seconds ?? 0) + (this.values.milliseconds ?? 0) / 1000;
      const time = part("hours", "H") + part("minutes", "M") + (seconds ? `${seconds}S` : "");
      const date = part("years", "Y") + part("months", "M") + part("weeks", "W") + part("days", "D");
      return date || time ? `P${date}${time ? `T${time}` : ""}` : "PT0S";
    }
    toJSON() {
      return this.toISO();
    }
    toString() {
      return this.toISO();
    }
  }
  for (const unit of [...UNITS, "quarters"])
    Object.defineProperty(Duration.prototype, unit, { get() { return this.values[unit] ?? 0; } });

  // What a unit has too much of, carried into the next larger one of those given.
  const carried = amounts => {
    const sign = new Duration(amounts).toMillis() < 0 ? -1 : 1;
    const given = ORDERED.filter(unit => unit in amounts);
    for (let place = given.length - 1; place > 0; place--) {
      const [larger, smaller] = [given[place - 1], given[place]];
      const step = conversion(larger, smaller);
      const over = Math.floor((amounts[smaller] * sign) / step);
      amounts[larger] += over * sign;
      amounts[smaller] -= over * step * sign;
    }
    return amounts;
  };

  // Every unit carried into the next larger one, fractions into smaller ones; all units present.
  nt.normalized = duration => {
    const amounts = UNITS.map(unit => duration.values[unit] ?? 0);
    amounts[1] += 3 * (duration.values.quarters ?? 0);
    if (!amounts.every(Number.isFinite)) return duration;
    for (let place = 0; place < 7; place++) {
      const fraction = amounts[place] % 1;
      amounts[place] -= fraction;
      amounts[place + 1] += fraction * STEP[place];
    }
    const sign = amounts.reduce((sum, amount, place) => sum + amount * LENGTH[UNITS[place]], 0) < 0 ? -1 : 1;
    for (let place = 7; place > 0; place--) {
      const carried = Math.floor((Math.round(amounts[place] * 1e6) / 1e6) * sign / STEP[place - 1]);
      amounts[place - 1] += carried * sign;
      amounts[place] -= carried * STEP[place - 1] * sign;
    }
    const values = {};
    UNITS.forEach((unit, place) => { values[unit] = Math.round(amounts[place] * 1e6) / 1e6 + 0; });
    return new Duration(values);
  };
  nt.shown = duration => new Duration(Object.fromEntries(Object.entries(duration.values).filter(([, amount]) => amount !== 0)));

  class DateTime {
    constructor(milliseconds, offset = null) {
      this.ts = milliseconds;
      this.offsetMinutes = offset; // east of UTC; null is local, which is UTC
      this.fields = new NativeDate(milliseconds + (offset ?? 0) * 60000);
    }
    static now() {
      return new DateTime(nt.now);
    }
    static local(...parts) {
      return parts.length ? fromParts(parts) : DateTime.now();
    }
    static utc(...parts) {
      return parts.length ? fromParts(parts) : DateTime.now();
    }
    static fromMillis(milliseconds) {
      return new DateTime(milliseconds);
    }
    static fromSeconds(seconds) {
      return new DateTime(seconds * 1000);
    }
    static fromJSDate(date) {
      return new DateTime(date.getTime());
    }
    static fromObject(object) {
      const { year = DateTime.now().year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = object ?? {};
      return fromParts([year, month, day, hour, minute, second, millisecond].map(Number));
    }
    static fromISO(text) {
      return new DateTime(readISO(String(text).trim())?.ts ?? NaN);
    }
    static fromFormat(text, format) {
      return readFormatted(String(text), format);
    }
    static fromSQL(text) {
      return DateTime.fromISO(String(text).replace(" ", "T"));
    }
    static isDateTime(value) {
      return value instanceof DateTime;
    }
    static min(...dates) {
      return dates.reduce((a, b) => (b < a ? b : a));
    }
    static max(...dates) {
      return dates.reduce((a, b) => (b > a ? b : a));
    }
    get isValid() { return Number.isFinite(this.ts); }
    get year() { return this.fields.getUTCFullYear(); }
    get month() { return this.fields.getUTCMonth() + 1; }
    get day() { return this.fields.getUTCDate(); }
    get hour() { return this.fields.getUTCHours(); }
    get minute() { return this.fields.getUTCMinutes(); }
    get second() { return this.fields.getUTCSeconds(); }
    get millisecond() { return this.fields.getUTCMilliseconds(); }
    get weekday() { return this.isValid ? this.fields.getUTCDay() || 7 : NaN; }
    get quarter() { return Math.ceil(this.month / 3); }
    get ordinal() { return Math.floor((NativeDate.UTC(this.year, this.month - 1, this.day) - NativeDate.UTC(this.year, 0, 1)) / DAY) + 1; }
    get weekNumber() { return isoWeek(this)[1]; }
    get weekYear() { return isoWeek(this)[0]; }
    get daysInMonth() { return new NativeDate(NativeDate.UTC(this.year, this.month, 0)).getUTCDate(); }
    get daysInYear() { return NativeDate.UTC(this.year + 1, 0, 1) / DAY - NativeDate.UTC(this.year, 0, 1) / DAY; }
    get isInLeapYear() { return this.daysInYear === 366; }
    get monthLong() { return MONTHS[this.month - 1] ?? null; }
    get monthShort() { return this.monthLong?.slice(0, 3) ?? null; }
    get weekdayLong() { return WEEKDAYS[this.weekday - 1] ?? null; }
    get weekdayShort() { return this.weekdayLong?.slice(0, 3) ?? null; }
    get offset() { return this.offsetMinutes ?? 0; }
    get zoneName() { return "UTC"; }
    get locale() { return "en-US"; }
    get c() { return this.toObject(); }
    toObject() {
      const { year, month, day, hour, minute, second, millisecond } = this;
      return { year, month, day, hour, minute, second, millisecond };
    }
    get(unit) {
      return this[String(unit).replace(/s$/, "")];
    }
    set(values) {
      const parts = this.toObject();
      for (const [unit, value] of Object.entries(values)) {
        const name = unit.replace(/s$/, "");
        if (name === "weekday") return this.plus({ days: value - this.weekday });
        parts[name] = value;
      }
      parts.day = Math.min(parts.day, new NativeDate(NativeDate.UTC(parts.year, parts.month, 0)).getUTCDate());
      return fromParts(Object.values(parts), this.offsetMinutes);
    }
    plus(value) {
      return shifted(this, Duration.fromDurationLike(value), 1);
    }
    minus(value) {
      return shifted(this, Duration.fromDurationLike(value), -1);
    }
    startOf(unit) {
      switch (plural(unit)) {
        case "years": return fromParts([this.year, 1, 1], this.offsetMinutes);
        case "quarters": return fromParts([this.year, (this.quarter - 1) * 3 + 1, 1], this.offsetMinutes);
        case "months": return fromParts([this.year, this.month, 1], this.offsetMinutes);
        case "weeks": return fromParts([this.year, this.month, this.day - this.weekday + 1], this.offsetMinutes);
      }
      const size = LENGTH[plural(unit)];
      const local = this.ts + this.offset * 60000;
      return new DateTime(Math.floor(local / size) * size - this.offset * 60000, this.offsetMinutes);
    }
    endOf(unit) {
      const step = plural(unit) === "quarters" ? { months: 3 } : { [plural(unit)]: 1 };
      return this.startOf(unit).plus(step).minus(1);
    }
    diff(other, units = ["milliseconds"]) {
      if (!this.isValid || !other.isValid) return new Duration({});
      const names = (Array.isArray(units) ? units : [units]).map(plural);
      return difference(this, other, ORDERED.filter(unit => names.includes(unit)));
    }
    diffNow(units) {
      return this.diff(DateTime.now(), units);
    }
    hasSame(other, unit) {
      if (!this.isValid || !other.isValid) return false;
      return this.startOf(unit).ts === other.startOf(unit).ts;
    }
    equals(other) {
      return other instanceof DateTime && this.ts === other.ts && this.offset === other.offset;
    }
    setZone(zone) {
      const found = /^utc(?:([+-]\d{1,2})(?::(\d{2}))?)?$/i.exec(String(zone));
      const hours = found && found[1] ? Number(found[1]) : 0;
      return new DateTime(this.ts, found ? hours * 60 + Math.sign(hours || 1) * Number(found[2] ?? 0) : null);
    }
    toUTC() { return new DateTime(this.ts, 0); }
    toLocal() { return new DateTime(this.ts); }
    setLocale() { return this; }
    reconfigure() { return this; }
    toMillis() { return this.ts; }
    valueOf() { return this.ts; }
    toSeconds() { return this.ts / 1000; }
    toUnixInteger() { return Math.floor(this.ts / 1000); }
    toJSDate() { return new NativeDate(this.ts); }
    toISODate() { return this.isValid ? this.toFormat("yyyy-MM-dd") : null; }
    toISOTime() { return this.isValid ? this.toFormat("HH:mm:ss.SSSZZ") : null; }
    toISOWeekDate() { return this.isValid ? `${this.weekYear}-W${pad(this.weekNumber, 2)}-${this.weekday}` : null; }
    toISO() { return this.isValid ? `${this.toISODate()}T${this.toISOTime()}` : null; }
    toSQLDate() { return this.toISODate(); }
    toJSON() { return this.toISO(); }
    toString() { return this.isValid ? this.toISO() : "Invalid DateTime"; }
    toFormat(format) { return this.isValid ? nt.formatDate(this, format) : "Invalid DateTime"; }
    toLocaleString(preset) { return this.toFormat(typeof preset === "string" ? preset : "D"); }
    toRelative({ base = DateTime.now(), unit } = {}) {
      if (!this.isValid) return null;
      const units = unit ? [unit].flat().map(plural) : ["years", "months", "days", "hours", "minutes", "seconds"];
      const whole = each => Math.trunc(this.diff(base, each).get(each));
      const chosen = units.find(each => whole(each) !== 0) ?? units[units.length - 1];
      return ago(whole(chosen), chosen, this.ts < base.ts);
    }
    toRelativeCalendar({ base = DateTime.now(), unit } = {}) {
      if (!this.isValid) return null;
      const units = unit ? [plural(unit)] : ["years", "months", "days"];
      const whole = each => Math.round(this.startOf(each).diff(base.startOf(each), each).get(each));
      const chosen = units.find(each => whole(each) !== 0) ?? units[units.length - 1];
      const words = { years: ["last year", "this year", "next year"], months: ["last month", "this month", "next month"], weeks: ["last week", "this week", "next week"], days: ["yesterday", "today", "tomorrow"] }[chosen];
      return words?.[whole(chosen) + 1] ?? ago(whole(chosen), chosen, whole(chosen) < 0);
    }
    until(other) { return Interval.fromDateTimes(this, other); }
  }
  const ago = (amount, unit, past) => {
    const words = `${Math.abs(amount)} ${Math.abs(amount) === 1 ? unit.slice(0, -1) : unit}`;
    return past ? `${words} ago` : `in ${words}`;
  };

  // A span of time: the end is not in it.
  class Interval {
    constructor(start, end) {
      this.s = this.start = start;
      this.e = this.end = end;
    }
    static fromDateTimes(start, end) { return new Interval(start, end); }
    static after(start, duration) { return new Interval(start, start.plus(duration)); }
    static before(end, duration) { return new Interval(end.minus(duration), end); }
    get isValid() { return this.s.isValid && this.e.isValid && this.s.ts <= this.e.ts; }
    toDuration(unit = "milliseconds") { return this.e.diff(this.s, unit); }
    length(unit = "milliseconds") { return this.isValid ? this.toDuration(unit).get(unit) : NaN; }
    count(unit = "milliseconds") { return this.isValid ? Math.floor(this.e.startOf(unit).diff(this.s.startOf(unit), unit).get(unit)) + (this.e.startOf(unit).ts < this.e.ts ? 1 : 0) : NaN; }
    isEmpty() { return this.s.ts === this.e.ts; }
    contains(date) { return this.s.ts <= date.ts && date.ts < this.e.ts; }
    isBefore(date) { return this.e.ts <= date.ts; }
    isAfter(date) { return this.s.ts > date.ts; }
    overlaps(other) { return this.e.ts > other.s.ts && this.s.ts < other.e.ts; }
    intersection(other) {
      const [start, end] = [DateTime.max(this.s, other.s), DateTime.min(this.e, other.e)];
      return start.ts < end.ts ? new Interval(start, end) : null;
    }
    splitBy(duration) {
      const parts = [];
      for (let place = 1, start = this.s; start.ts < this.e.ts; place++) {
        const step = Duration.fromDurationLike(duration).mapUnits(amount => amount * place);
        const end = DateTime.min(this.s.plus(step), this.e);
        if (end.ts <= start.ts) break;
        parts.push(new Interval(start, end));
        start = end;
      }
      return parts;
    }
    toISO() { return `${this.s.toISO()}/${this.e.toISO()}`; }
    toString() { return `[${this.s.toISO()} – ${this.e.toISO()})`; }
  }

  // Presets of toLocaleString, as format tokens.
  Object.assign(DateTime, {
    DATE_SHORT: "D", DATE_MED: "DD", DATE_MED_WITH_WEEKDAY: "EEE, DD", DATE_FULL: "DDD", DATE_HUGE: "DDDD",
    TIME_SIMPLE: "t", TIME_WITH_SECONDS: "tt", TIME_24_SIMPLE: "T", TIME_24_WITH_SECONDS: "TT",
    DATETIME_SHORT: "f", DATETIME_MED: "ff", DATETIME_FULL: "fff", DATETIME_HUGE: "ffff",
    DATETIME_SHORT_WITH_SECONDS: "F", DATETIME_MED_WITH_SECONDS: "FF",
  });

  function fromParts(parts, offset = null) {
    const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
    if (!parts.every(Number.isFinite)) return new DateTime(NaN);
    const date = new NativeDate(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, millisecond);
    return new DateTime(date.getTime() - (offset ?? 0) * 60000, offset);
  }

  function isoWeek(date) {
    if (!date.isValid) return [NaN, NaN];
    const thursday = date.startOf("week").plus({ days: 3 });
    return [thursday.year, Math.floor((thursday.ordinal - 1) / 7) + 1];
  }

  function shifted(date, duration, sign) {
    const amount = unit => sign * (duration.values[unit] ?? 0);
    const quarters = amount("quarters");
    const months = Math.trunc(amount("months")) + 12 * Math.trunc(amount("years")) + 3 * Math.trunc(quarters);
    const first = fromParts([date.year, date.month + months, 1], date.offsetMinutes);
    const day = Math.min(date.day, first.daysInMonth);
    const days = Math.trunc(amount("days")) + 7 * Math.trunc(amount("weeks"));
    const rest = ["years", "months", "weeks", "days"].reduce((sum, unit) => sum + (amount(unit) % 1) * LENGTH[unit], 0)
      + ["hours", "minutes", "seconds", "milliseconds"].reduce((sum, unit) => sum + amount(unit) * LENGTH[unit], 0);
    const moved = fromParts([first.year, first.month, day + days, date.hour, date.minute, date.second, date.millisecond], date.offsetMinutes);
    return new DateTime(moved.ts + Math.trunc(rest), date.offsetMinutes);
  }

  function difference(later, earlier, units) {
    const sign = later.ts < earlier.ts ? -1 : 1;
    const [start, end] = sign < 0 ? [later, earlier] : [earlier, later];
    const amounts = {};
    let reached = start;
    for (const unit of units) {
      const months = { years: 12, quarters: 3, months: 1 }[unit];
      const passed = (end.year - reached.year) * 12 + end.month - reached.month;
      amounts[unit] = months ? Math.trunc(passed / months) : Math.floor((end.ts - reached.ts) / LENGTH[unit]);
      // Counted from the start each time: a month after the last of January is the last of February.
      while (amounts[unit] > 0 && start.plus(amounts).ts > end.ts) amounts[unit]--;
      reached = start.plus(amounts);
    }
    const last = units[units.length - 1];
    if (end.ts > reached.ts) {
      const following = start.plus({ ...amounts, [last]: amounts[last] + 1 });
      amounts[last] += (end.ts - reached.ts) / (following.ts - reached.ts);
    }
    for (const unit of units) amounts[unit] *= sign;
    return new Duration(amounts);
  }

  nt.formatDate = (date, format) => {
    const hour = date.hour % 12 || 12;
    const noon = date.hour < 12 ? "AM" : "PM";
    const offset = form => {
      const minutes = Math.abs(date.offset);
      const sign = date.offset < 0 ? "-" : "+";
      if (form === 1) return sign + Math.floor(minutes / 60) + (minutes % 60 ? `:${pad(minutes % 60, 2)}` : "");
      return sign + pad(minutes / 60, 2) + (form === 2 ? ":" : "") + pad(minutes % 60, 2);
    };
    const tokens = {
      S: () => date.millisecond, SSS: () => pad(date.millisecond, 3), u: () => pad(date.millisecond, 3),
      s: () => date.second, ss: () => pad(date.second, 2), m: () => date.minute, mm: () => pad(date.minute, 2),
      h: () => hour, hh: () => pad(hour, 2), H: () => date.hour, HH: () => pad(date.hour, 2), a: () => noon,
      d: () => date.day, dd: () => pad(date.day, 2), y: () => date.year, yy: () => pad(date.year % 100, 2),
      yyyy: () => pad(date.year, 4), kk: () => pad(date.weekYear % 100, 2), kkkk: () => date.weekYear,
      W: () => date.weekNumber, WW: () => pad(date.weekNumber, 2), o: () => date.ordinal, ooo: () => pad(date.ordinal, 3),
      q: () => date.quarter, qq: () => pad(date.quarter, 2), Z: () => offset(1), ZZ: () => offset(2), ZZZ: () => offset(3),
      z: () => "UTC", ZZZZ: () => "UTC", X: () => Math.floor(date.ts / 1000), x: () => date.ts, G: () => "AD",
      D: () => `${date.month}/${date.day}/${date.year}`, DD: () => `${date.monthShort} ${date.day}, ${date.year}`,
      DDD: () => `${date.monthLong} ${date.day}, ${date.year}`,
      DDDD: () => `${date.weekdayLong}, ${date.monthLong} ${date.day}, ${date.year}`,
      t: () => `${hour}:${pad(date.minute, 2)} ${noon}`, tt: () => `${hour}:${pad(date.minute, 2)}:${pad(date.second, 2)} ${noon}`,
      T: () => `${pad(date.hour, 2)}:${pad(date.minute, 2)}`, TT: () => `${pad(date.hour, 2)}:${pad(date.minute, 2)}:${pad(date.second, 2)}`,
      f: () => `${tokens.D()}, ${tokens.t()}`, ff: () => `${tokens.DD()}, ${tokens.t()}`,
      fff: () => `${tokens.DDD()} at ${tokens.t()} UTC`, ffff: () => `${tokens.DDDD()} at ${tokens.t()} Coordinated Universal Time`,
      F: () => `${tokens.D()}, ${tokens.tt()}`, FF: () => `${tokens.DD()}, ${tokens.tt()}`,
    };
    for (const letter of ["c", "E"])
      Object.assign(tokens, { [letter]: () => date.weekday, [letter.repeat(3)]: () => date.weekdayShort,
        [letter.repeat(4)]: () => date.weekdayLong, [letter.repeat(5)]: () => date.weekdayLong[0] });
    for (const letter of ["L", "M"])
      Object.assign(tokens, { [letter]: () => date.month, [letter.repeat(2)]: () => pad(date.month, 2),
        [letter.repeat(3)]: () => date.monthShort, [letter.repeat(4)]: () => date.monthLong, [letter.repeat(5)]: () => date.monthLong[0] });
    return String(format).replace(/'([^']*)'|([A-Za-z])\2*/g, (token, literal) =>
      literal !== undefined ? literal : Object.hasOwn(tokens, token) ? tokens[token]() : token);
  };

  const DATE = /^(\d{4})-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:[.](\d{3}))?)?)?)?(?:([+-]\d{1,2})(?::?(\d{2}))?|(Z)|\[[^\]]+\])?)?/;
  nt.readDate = text => {
    const found = DATE.exec(text);
    if (!found || found[0] !== text) return null;
    const parts = found.slice(1, 8).map((part, place) => (part === undefined ? (place === 2 ? 1 : 0) : Number(part)));
    const hours = found[8] ? Number(found[8]) : 0;
    const offset = found[8] ? hours * 60 + (found[8][0] === "-" ? -1 : 1) * Number(found[9] ?? 0) : found[10] ? 0 : null;
    const date = fromParts(parts, offset);
    return date.month === parts[1] && date.day === parts[2] && parts[3] < 24 && parts[4] < 60 && parts[5] < 60 ? date : null;
  };

  // All of ISO 8601 that is in use: calendar dates, week dates, days of the year, basic forms.
  const ISO_DAY = /^(?:(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?|(\d{4})-?W(\d{2})(?:-?(\d))?|(\d{4})-?(\d{3}))$/;
  const ISO_TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,30}))?)?)?(?:([+-])(\d{2})(?::?(\d{2}))?|(Z))?$/;
  function readISO(text) {
    const [day, time, ...more] = text.split("T");
    const found = ISO_DAY.exec(day), clock = time === undefined ? [] : ISO_TIME.exec(time);
    if (!found || !clock || more.length) return null;
    const number = part => Number(part ?? 0);
    const milliseconds = clock[4] ? Math.floor(Number(`0.${clock[4]}`) * 1000) : 0;
    const parts = [number(clock[1]), number(clock[2]), number(clock[3]), milliseconds];
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return null;
    const offset = clock[8] || !clock[5] ? null : (clock[5] === "-" ? -1 : 1) * (number(clock[6]) * 60 + number(clock[7]));
    const made = (year, month, date) => fromParts([year, month, date, ...parts], offset);
    if (found[7]) {
      const date = made(number(found[7]), 1, number(found[8]));
      return date.year === number(found[7]) && number(found[8]) ? date : null;
    }
    if (found[4]) {
      const fourth = made(number(found[4]), 1, 4); // the first week of a year holds the fourth of January
      const date = fourth.plus({ days: (number(found[5]) - 1) * 7 + number(found[6] ?? 1) - fourth.weekday });
      return date.weekYear === number(found[4]) && date.weekNumber === number(found[5]) && number(found[6] ?? 1) < 8 ? date : null;
    }
    const [year, month, date] = [number(found[1]), number(found[2] ?? 1), number(found[3] ?? 1)];
    const result = made(year, month, date);
    return result.month === month && result.day === date ? result : null;
  }

  const NAMES = { years: "year years yr yrs", months: "month months mo mos", weeks: "week weeks wk wks w", days: "day days d",
    hours: "hour hours hr hrs h", minutes: "minute minutes min mins m", seconds: "second seconds sec secs s" };
  const BY_NAME = Object.fromEntries(Object.entries(NAMES).flatMap(([unit, names]) => names.split(" ").map(name => [name, unit])));
  const PART = new RegExp(`(-?[0-9]+(?:\\.[0-9]+)?)\\s*(${Object.keys(BY_NAME).sort((a, b) => b.length - a.length).join("|")})(?:\\s*,\\s*|\\s*)`, "y");
  nt.readDuration = text => {
    let total = null;
    PART.lastIndex = 0;
    const trimmed = text.trim();
    while (PART.lastIndex < trimmed.length) {
      const part = PART.exec(trimmed);
      if (!part) return null;
      total = (total ?? new Duration({})).plus({ [BY_NAME[part[2]]]: Number(part[1]) });
    }
    return total && trimmed.endsWith(",") ? null : total;
  };

  nt.shorthandDate = name => {
    const now = DateTime.now();
    const parts = { sow: ["startOf", "week"], eow: ["endOf", "week"], som: ["startOf", "month"], eom: ["endOf", "month"], soy: ["startOf", "year"], eoy: ["endOf", "year"] };
    for (const [short, [edge, unit]] of Object.entries(parts))
      if (name === short || name === `${edge.slice(0, -2)}-of-${unit}`) return now[edge](unit);
    switch (name) {
      case "now": return now;
      case "today": return now.startOf("day");
      case "yesterday": return now.startOf("day").minus({ days: 1 });
      case "tomorrow": return now.startOf("day").plus({ days: 1 });
    }
    return null;
  };

  function readFormatted(text, format) {
    const reads = {
      yyyy: ["(\\d{4})", "year"], y: ["(\\d{1,6})", "year"], yy: ["(\\d{2})", "short"], MM: ["(\\d{2})", "month"], LL: ["(\\d{2})", "month"],
      M: ["(\\d{1,2})", "month"], L: ["(\\d{1,2})", "month"], MMM: ["([A-Za-z]{3})", "name"], LLL: ["([A-Za-z]{3})", "name"],
      MMMM: ["([A-Za-z]+)", "name"], LLLL: ["([A-Za-z]+)", "name"], dd: ["(\\d{2})", "day"], d: ["(\\d{1,2})", "day"],
      HH: ["(\\d{2})", "hour"], H: ["(\\d{1,2})", "hour"], hh: ["(\\d{2})", "hour"], h: ["(\\d{1,2})", "hour"], mm: ["(\\d{2})", "minute"],
      m: ["(\\d{1,2})", "minute"], ss: ["(\\d{2})", "second"], s: ["(\\d{1,2})", "second"], SSS: ["(\\d{3})", "millisecond"],
      a: ["([AaPp][Mm])", "noon"], EEE: ["([A-Za-z]{3})", ""], EEEE: ["([A-Za-z]+)", ""],
    };
    const fields = [];
    let pattern = "";
    for (const token of format.matchAll(/'([^']*)'|([A-Za-z])\2*|[\s\S]/g)) {
      const read = token[1] === undefined ? reads[token[0]] : undefined;
      if (read) {
        pattern += read[0];
        fields.push(read[1]);
      } else pattern += (token[1] ?? token[0]).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }
    const found = new RegExp(`^${pattern}$`, "i").exec(text);
    if (!found) return new DateTime(NaN);
    const values = {};
    fields.forEach((name, place) => { values[name] = found[place + 1]; });
    if (values.short) values.year = Number(values.short) + (Number(values.short) <= 60 ? 2000 : 1900);
    if (values.name) values.month = MONTHS.findIndex(month => month.toLowerCase().startsWith(values.name.toLowerCase())) + 1;
    if (values.noon) values.hour = (Number(values.hour ?? 0) % 12) + (values.noon.toLowerCase() === "pm" ? 12 : 0);
    // What is larger than all that is named is today's.
    const now = DateTime.now();
    if (values.year === undefined) {
      values.year = now.year;
      if (values.month === undefined) {
        values.month = now.month;
        values.day ??= now.day;
      }
    }
    const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = values;
    return month ? DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }) : new DateTime(NaN);
  }

  nt.DateTime = DateTime;
  nt.Duration = Duration;
  nt.Interval = Interval;
  nt.Info = {
    months: (form = "long") => MONTHS.map((name, place) => ({ long: name, short: name.slice(0, 3), narrow: name[0] })[form] ?? String(place + 1)),
    weekdays: (form = "long") => WEEKDAYS.map(name => ({ long: name, short: name.slice(0, 3), narrow: name[0] })[form]),
  };
  nt.fromParts = fromParts;
  nt.UNITS = UNITS;
})();
