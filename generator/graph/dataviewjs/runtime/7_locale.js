// Numbers and dates as readers of American English write them: the engine has no `Intl`.

(() => {
  const { DateTime } = nt;

  // ---------------------------------------------------------------- numbers

  const numberText = (number, options = {}) => {
    if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number < 0 ? "-∞" : "∞";
    const { style = "decimal", currency = "USD", useGrouping = true } = options;
    const money = style === "currency";
    const least = options.minimumFractionDigits ?? (money ? (currency === "JPY" ? 0 : 2) : 0);
    const most = options.maximumFractionDigits ?? Math.max(least, money ? least : style === "percent" ? 0 : 3);
    const [whole, rest = ""] = Math.abs(style === "percent" ? number * 100 : number).toFixed(most).split(".");
    const decimals = rest.replace(/0+$/, "").padEnd(least, "0");
    const grouped = useGrouping ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
    const text = decimals ? `${grouped}.${decimals}` : grouped;
    const sign = number < 0 && /[1-9]/.test(text) ? "-" : "";
    const symbol = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹" }[currency] ?? `${currency}\u00a0`;
    return sign + (money ? symbol : "") + text + (style === "percent" ? "%" : "");
  };
  Number.prototype.toLocaleString = function (_locale, options) {
    return numberText(Number(this), options);
  };

  // ---------------------------------------------------------------- dates

  const DATE = ["weekday", "year", "month", "day"], TIME = ["hour", "minute", "second"];
  const form = (kind, style) =>
    ({ weekday: { long: "cccc", short: "ccc", narrow: "ccccc" }, month: { long: "LLLL", short: "LLL", narrow: "LLLLL", "2-digit": "LL", numeric: "L" },
      year: { "2-digit": "yy", numeric: "yyyy" }, day: { "2-digit": "dd", numeric: "d" }, hour: { "2-digit": "hh", numeric: "h" } })[kind]?.[style] ?? "";

  nt.localeDate = (date, options = {}, missing = "date") => {
    const asked = { ...options };
    const styles = { full: "DDDD", long: "DDD", medium: "DD", short: "D" };
    if (asked.dateStyle || asked.timeStyle) {
      const parts = [styles[asked.dateStyle], asked.timeStyle && (asked.timeStyle === "short" ? "t" : "tt")];
      return date.toFormat(parts.filter(Boolean).join("', '"));
    }
    if (![...DATE, ...TIME].some(name => asked[name])) {
      if (missing !== "time") Object.assign(asked, { year: "numeric", month: "numeric", day: "numeric" });
      if (missing !== "date") Object.assign(asked, { hour: "numeric", minute: "2-digit", second: "2-digit" });
    }
    const { weekday, year, month, day, hour, minute, second } = asked;
    const words = month === "long" || month === "short" || month === "narrow";
    let text = words
      ? [form("month", month), day && form("day", day)].filter(Boolean).join(" ")
      : [month && form("month", month), day && form("day", day), year && form("year", year)].filter(Boolean).join("/");
    if (words && year) text += `${day ? ", " : " "}${form("year", year)}`;
    if (weekday) text = text ? `${form("weekday", weekday)}, ${text}` : form("weekday", weekday);
    const clock = asked.hour12 === false ? "HH" : form("hour", hour);
    const time = hour && [clock, minute && "mm", second && "ss"].filter(Boolean).join(":") + (asked.hour12 === false ? "" : " a");
    return [text, time].filter(Boolean).map(each => date.toFormat(each)).join(", ");
  };
  DateTime.prototype.toLocaleString = function (preset) {
    if (!this.isValid) return "Invalid DateTime";
    return typeof preset === "string" ? this.toFormat(preset) : nt.localeDate(this, preset);
  };
  for (const [name, missing] of [["toLocaleDateString", "date"], ["toLocaleTimeString", "time"], ["toLocaleString", "both"]])
    Object.defineProperty(Date.prototype, name, {
      configurable: true,
      value(_locale, options) {
        return Number.isNaN(this.getTime()) ? "Invalid Date" : nt.localeDate(new DateTime(this.getTime()), options, missing);
      },
    });

  const formatter = format => class {
    constructor(_locale, options) { this.options = options; }
    format(value) { return format(value, this.options); }
    resolvedOptions() { return { locale: "en-US", timeZone: "UTC" }; }
  };
  globalThis.Intl = {
    NumberFormat: formatter((value, options) => numberText(Number(value), options)),
    DateTimeFormat: formatter((value, options) => nt.localeDate(new DateTime(value === undefined ? nt.now : Number(value)), options)),
    Collator: class { compare(a, b) { return nt.compareText(String(a), String(b)); } },
  };
})();
