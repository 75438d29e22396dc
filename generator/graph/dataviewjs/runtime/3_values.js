// Dataview's values in JavaScript: links, widgets, order, text; and their form on the way out.

(() => {
  const { DateTime, Duration } = nt;

  class Link {
    constructor(fields) {
      Object.assign(this, fields);
    }
    static file(path, embed = false, display) {
      return new Link({ path, embed, display, subpath: undefined, type: "file" });
    }
    static header(path, header, embed = false, display) {
      return new Link({ path, embed, display, subpath: headerText(header), type: "header" });
    }
    static block(path, block, embed = false, display) {
      return new Link({ path, embed, display, subpath: block, type: "block" });
    }
    static infer(target, embed = false, display) {
      if (target.includes("#^")) return Link.block(...target.split("#^", 2), embed, display);
      if (target.includes("#")) return Link.header(...target.split("#", 2), embed, display);
      return Link.file(target, embed, display);
    }
    equals(other) {
      return !!other && this.path === other.path && this.type === other.type && this.subpath === other.subpath;
    }
    toObject() {
      return { path: this.path, type: this.type, subpath: this.subpath, display: this.display, embed: this.embed };
    }
    withPath(path) { return new Link({ ...this, path }); }
    withDisplay(display) { return new Link({ ...this, display }); }
    withHeader(header) { return Link.header(this.path, header, this.embed, this.display); }
    toFile() { return Link.file(this.path, this.embed, this.display); }
    toEmbed() { return new Link({ ...this, embed: true }); }
    fromEmbed() { return new Link({ ...this, embed: false }); }
    fileName() { return title(this.path); }
    obsidianLink() {
      const safe = text => String(text ?? "").replaceAll("|", "\\|");
      if (this.type === "header") return `${safe(this.path)}#${safe(this.subpath)}`;
      if (this.type === "block") return `${safe(this.path)}#^${safe(this.subpath)}`;
      return safe(this.path);
    }
    markdown() {
      const place = this.type === "file" ? "" : ` > ${this.subpath}`;
      return `${this.embed ? "!" : ""}[[${this.obsidianLink()}|${this.display || title(this.path) + place}]]`;
    }
    toString() { return this.markdown(); }
  }
  const title = path => String(path).replace(/^.*\//, "").replace(/\.md$/, "");
  const headerText = header =>
    String(header).replace(/[^\p{L}0-9_\-\p{Extended_Pictographic}\u{1F1E6}-\u{1F1FF}\uFE0F\u200D]/gu, " ").split(/\s+/).filter(Boolean).join(" ");

  class Widget {
    constructor(kind) { this.$widget = kind; }
  }
  class ListPairWidget extends Widget {
    constructor(key, value) { super("dataview:list-pair"); this.key = key; this.value = value; }
    markdown() { return `${nt.toString(this.key)}: ${nt.toString(this.value)}`; }
  }
  class ExternalLinkWidget extends Widget {
    constructor(url, display) { super("dataview:external-link"); this.url = url; this.display = display; }
    markdown() { return `[${this.display ?? this.url}](${this.url})`; }
  }

  nt.typeOf = value => {
    if (value === null || value === undefined) return "null";
    switch (typeof value) {
      case "number": return "number";
      case "string": return "string";
      case "boolean": return "boolean";
      case "function": return "function";
      case "object": break;
      default: return undefined;
    }
    if (value instanceof Duration) return "duration";
    if (value instanceof DateTime) return "date";
    if (value instanceof Widget) return "widget";
    if (Array.isArray(value)) return "array";
    if (value instanceof Link) return "link";
    if (nt.Node && value instanceof nt.Node) return "html";
    return "object";
  };

  // Order of texts: the table of the Python side (graph/dataview/collation.py).
  const MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
  const BASES = { "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d" };
  const keys = new Map();
  const unit = (kind, code) => String.fromCharCode(kind, code >> 16, code & 0xffff);
  const rank = char => {
    if (/\s/u.test(char)) return unit(0, char.codePointAt(0));
    const mark = MARKS.indexOf(char);
    if (mark >= 0) return unit(1, mark);
    if (/\p{Nd}/u.test(char)) return unit(3, char.codePointAt(0));
    if (/\p{L}/u.test(char)) return unit(4, char.codePointAt(0));
    return unit(2, char.codePointAt(0));
  };
  const collationKey = text => {
    let key = keys.get(text);
    if (key) return key;
    let primary = "", accents = "", cases = "";
    for (const char of text.normalize("NFD")) {
      if (/\p{M}/u.test(char)) {
        accents += unit(0, char.codePointAt(0));
        continue;
      }
      const lower = char.toLowerCase();
      const base = BASES[lower];
      for (const each of base ?? lower) primary += rank(each);
      accents += unit(0, base ? lower.codePointAt(0) : 0);
      cases += lower === char ? "a" : "b";
    }
    key = [primary, accents, cases];
    if (keys.size < 20000) keys.set(text, key);
    return key;
  };
  nt.compareText = (first, second) => {
    if (first === second) return 0;
    const a = collationKey(first), b = collationKey(second);
    for (let level = 0; level < 3; level++) if (a[level] !== b[level]) return a[level] < b[level] ? -1 : 1;
    return 0;
  };
  String.prototype.localeCompare = function (other) {
    return nt.compareText(String(this), String(other));
  };

  nt.compare = (first, second) => {
    if (first === undefined) first = null;
    if (second === undefined) second = null;
    if (first === null || second === null) return (first !== null) - (second !== null);
    const kind = nt.typeOf(first), other = nt.typeOf(second);
    if (kind !== other) return nt.compareText(String(kind), String(other));
    if (first === second) return 0;
    switch (kind) {
      case "string": return nt.compareText(first, second);
      case "number": return first < second ? -1 : first === second ? 0 : 1;
      case "boolean": return first ? 1 : -1;
      case "link":
        return nt.compareText(first.path, second.path) || nt.compareText(first.type, second.type)
          || !!first.subpath - !!second.subpath || nt.compareText(first.subpath ?? "", second.subpath ?? "");
      case "date":
      case "duration":
        return first < second ? -1 : first.equals(second) ? 0 : 1;
      case "array":
        for (let place = 0; place < Math.min(first.length, second.length); place++) {
          const order = nt.compare(first[place], second[place]);
          if (order) return order;
        }
        return first.length - second.length;
      case "object": {
        const names = Object.keys(first).sort(), others = Object.keys(second).sort();
        const order = nt.compare(names, others);
        if (order) return order;
        for (const name of names) {
          const inner = nt.compare(first[name], second[name]);
          if (inner) return inner;
        }
      }
    }
    return 0;
  };

  nt.isTruthy = value => {
    switch (nt.typeOf(value)) {
      case "null": case undefined: return false;
      case "number": return value !== 0;
      case "string": case "array": return value.length > 0;
      case "boolean": return value;
      case "link": return !!value.path;
      case "date": case "duration": return value.toMillis() !== 0;
      case "object": return Object.keys(value).length > 0;
    }
    return true;
  };

  nt.toString = (value, _settings, nested = false) => {
    switch (nt.typeOf(value)) {
      case undefined: case "null": return "\\-";
      case "string": return value;
      case "number": case "boolean": return String(value);
      case "html": return value.outerHTML;
      case "widget": case "link": return value.markdown();
      case "function": return "<function>";
      case "array": {
        const inner = Array.from(value, each => nt.toString(each, null, true)).join(", ");
        return nested ? `[${inner}]` : inner;
      }
      case "date":
        return value.toFormat(value.second || value.minute || value.hour ? "h:mm a - MMMM dd, yyyy" : "MMMM dd, yyyy");
      case "duration": return nt.shown(nt.normalized(value)).toHuman();
    }
    return `{ ${Object.entries(value).map(([name, each]) => `${name}: ${nt.toString(each, null, true)}`).join(", ")} }`;
  };

  nt.deepCopy = value => {
    switch (nt.typeOf(value)) {
      case "array": return Array.from(value, nt.deepCopy);
      case "object": return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, nt.deepCopy(each)]));
    }
    return value;
  };

  // ---------------------------------------------------------------- to and from Python

  // What one value may hold, and all that a script writes: pieces, and characters of text.
  let room = 0, pieces = 60000, characters = 4000000;
  nt.resetRoom = () => { room = 200000; };
  nt.spend = (written, text) => {
    pieces -= written;
    characters -= text;
    if (pieces < 0 || characters < 0) throw new Error("The script's output is too large.");
  };

  // A value as JSON can hold it; deep or huge structures are cut, cycles end with the depth.
  nt.encode = (value, depth = 0) => {
    if (--room < 0) throw new Error("The script's output is too large.");
    switch (nt.typeOf(value)) {
      case undefined: case "null": return null;
      case "string": case "boolean": return value;
      case "number": return Number.isFinite(value) ? value : { $: "number", v: String(value) };
      case "date": return value.isValid ? { $: "date", v: value.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS"), o: value.offsetMinutes } : "Invalid DateTime";
      case "duration": return { $: "duration", v: nt.UNITS.map(name => value.values[name] ?? 0) };
      case "link": return { $: "link", path: String(value.path), display: value.display ?? null, subpath: value.subpath ?? null, embed: !!value.embed, type: value.type };
      case "function": return { $: "function" };
      case "html": return value.encoded();
      case "widget":
        if (value instanceof ListPairWidget) return { $: "pair", k: nt.encode(value.key, depth + 1), v: nt.encode(value.value, depth + 1) };
        if (value instanceof ExternalLinkWidget) return { $: "elink", u: String(value.url), d: String(value.display ?? value.url) };
        return `<unknown widget '${value.$widget}'>`;
      case "array":
        return depth > 12 ? "..." : Array.from(value, each => nt.encode(each, depth + 1));
    }
    if (nt.isGhost(value)) return null;
    if (depth > 12) return "...";
    const plain = {};
    for (const [name, each] of Object.entries(value)) if (!nt.isAlias(value, name)) plain[name] = nt.encode(each, depth + 1);
    return { $: "object", v: plain };
  };

  nt.decode = value => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(nt.decode);
    switch (value.$) {
      case "number": return Number(value.v);
      case "date": {
        const date = nt.readDate(value.v);
        return value.o === null ? date : new DateTime(date.ts - value.o * 60000, value.o);
      }
      case "duration": {
        const amounts = {};
        nt.UNITS.forEach((name, place) => { if (value.v[place]) amounts[name] = value.v[place]; });
        return new Duration(amounts);
      }
      case "link":
        return new Link({ path: value.path, embed: value.embed, display: value.display ?? undefined, subpath: value.subpath ?? undefined, type: value.type });
      case "pair": return new ListPairWidget(nt.decode(value.k), nt.decode(value.v));
      case "elink": return new ExternalLinkWidget(value.u, value.d);
      case "object": return Object.fromEntries(Object.entries(value.v).map(([name, each]) => [name, nt.decode(each)]));
      case "items": return items(value.v);
    }
    return null;
  };

  // The items of a page: children are named by place, so that each is the same object everywhere.
  const items = encoded => {
    const made = encoded.map(each => nt.decode(each));
    for (const item of made) {
      item.children = item.children.map(place => made[place]);
      item.position = { start: { line: item.line, col: 0, offset: 0 }, end: { line: item.line + item.lineCount - 1, col: 0, offset: 0 } };
      for (const [alias, name] of Object.entries(ALIASES)) item[alias] = item[name];
    }
    return made;
  };
  const ALIASES = { subtasks: "children", real: "task", header: "section" };
  nt.isAlias = (value, name) => Object.hasOwn(ALIASES, name) && value[name] === value[ALIASES[name]];

  Object.assign(nt, { Link, Widget, ListPairWidget, ExternalLinkWidget });
})();
