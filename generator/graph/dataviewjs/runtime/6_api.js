// The `dv` object. What only the vault knows is asked for: a question without an answer yet is
// noted, a ghost stands in for it, and the script runs again once the answers are there.

(() => {
  const { DateTime, Duration, Link, Node, Written } = nt;
  let input = { answers: {}, path: "", lenient: false };
  const questions = new Set();
  const missed = [];
  let root = null;
  let outcome = { done: false };

  // ---------------------------------------------------------------- questions

  const MOST_QUESTIONS = 1000; // in one run

  // Anything one may do with a value gives the ghost again, so that one run asks all it can.
  const ghost = new Proxy(function () {}, {
    get(_target, name) {
      if (name === Symbol.toPrimitive) return () => "";
      if (name === Symbol.iterator) return function* () {};
      if (name === "then" || name === "toJSON") return undefined;
      if (name === "length") return 0;
      return ghost;
    },
    apply: () => ghost,
    construct: () => ghost,
    set: () => true,
    has: () => true,
  });
  nt.isGhost = value => value === ghost;

  const ask = (kind, ...details) => {
    const key = JSON.stringify([kind, ...details]);
    if (Object.hasOwn(input.answers, key)) return input.answers[key];
    if (questions.size >= MOST_QUESTIONS) throw new Error("The script asks for too much.");
    questions.add(key);
    return undefined;
  };

  // An answer is {ok: value} or {error: message}.
  const answered = (kind, ...details) => {
    const answer = ask(kind, ...details);
    if (answer === undefined) return { ghost: true, value: ghost };
    if ("error" in answer) return { error: answer.error };
    return { value: answer.ok };
  };
  const asResult = (found, decode = nt.decode) => {
    if (found.ghost) return { successful: true, value: ghost, orElseThrow: () => ghost, error: undefined };
    if ("error" in found)
      return { successful: false, error: found.error, orElse: other => other, orElseThrow() { throw new Error(found.error); } };
    const value = decode(found.value);
    return { successful: true, value, orElse: () => value, orElseThrow: () => value };
  };
  const encodedArgument = value => {
    nt.resetRoom();
    return nt.encode(value);
  };

  // ---------------------------------------------------------------- pages

  const pages = new Map();
  const LISTS = ["outlinks", "inlinks", "etags", "tags", "aliases", "lists", "tasks"];

  // An object whose parts are decoded when first looked at: a script over all pages reads few fields.
  const lazily = (raw, made) =>
    new Proxy({ ...raw }, {
      get(target, name) {
        const value = target[name];
        if (typeof value === "object" && value !== null && value === raw[name]) target[name] = made(name, value);
        return target[name];
      },
    });
  // Dataview makes a new object on every call: changing one page must not change another.
  const pageOf = encoded => lazily(encoded.v, (name, value) => (name === "file" ? fileOf(value.v) : nt.decode(value)));
  const fileOf = raw => {
    const file = lazily(raw, (name, value) => {
      if (name === "tasks") return nt.dataArrayOf(file.lists.values.filter(item => item.task));
      return LISTS.includes(name) ? nt.dataArrayOf(nt.decode(value)) : nt.decode(value);
    });
    return file;
  };
  // What a missing page is in the lenient mode: a page that says nothing.
  const emptyPage = path => {
    const name = String(path).replace(/^.*\//, "").replace(/\.md$/, "");
    const file = { path: String(path), folder: "", name, link: Link.file(String(path)), ext: "md", frontmatter: {}, size: 0, starred: false };
    for (const each of ["ctime", "cday", "mtime", "mday"]) file[each] = null;
    for (const each of LISTS) file[each] = nt.dataArrayOf([]);
    return { file };
  };

  const page = target => {
    if (nt.isGhost(target)) return ghost;
    if (typeof target !== "string" && !(target instanceof Link))
      throw new Error(`dv.page only handles string and link paths; was provided type '${typeof target}'`);
    const path = target instanceof Link ? target.path : target;
    const found = answered("page", path);
    if (found.ghost) return ghost;
    if (found.value === null || found.value === undefined) {
      missed.push(path);
      return input.lenient ? emptyPage(path) : undefined;
    }
    return pageOf(input.pages[found.value]);
  };

  const pagePaths = source => {
    if (nt.isGhost(source)) return ghost;
    const found = answered("paths", source === undefined || source === null ? "" : String(source));
    if (found.ghost) return ghost;
    if ("error" in found) throw new Error(found.error);
    return nt.dataArrayOf(found.value.slice());
  };

  const pagesOf = source => {
    const paths = pagePaths(source);
    if (nt.isGhost(paths)) return ghost;
    return nt.dataArrayOf(paths.values.filter(path => path in input.pages).map(path => pageOf(input.pages[path])));
  };

  // ---------------------------------------------------------------- rendering

  const rendered = (value, inline) => {
    nt.resetRoom();
    if (value instanceof Node) return value;
    const text = typeof value === "string" ? value : nt.toString(value);
    nt.spend(1, text.length);
    return new Written({ $: "rendered", v: nt.encode(value), i: inline, s: text });
  };
  const rowsOf = values => Array.from(values ?? [], row => (Array.isArray(row) ? Array.from(row) : [row]));
  const write = form => root.appendChild(new Written(form));

  const el = (tag, text, options = {}) => {
    const { container = root, ...settings } = options ?? {};
    const node = container.createEl(tag, settings);
    if (text !== undefined) node.appendChild(rendered(text, false));
    return node;
  };

  const taskList = (tasks, byFile = true) => {
    nt.resetRoom();
    write({ $: "tasks", v: nt.encode(Array.from(tasks ?? [])), f: !!byFile && !nt.isGrouping(tasks ?? []) });
  };

  // ---------------------------------------------------------------- Markdown

  const cellText = value => escapedCell(rawCell(value));
  const escapedCell = text => text.replaceAll("|", "\\|").replaceAll("\\\\|", "\\|");
  const rawCell = value => {
    switch (nt.typeOf(value)) {
      case "array": return `<ul>${Array.from(value, each => `<li>${cellText(each)}</li>`).join("")}</ul>`;
      case "object": return `<ul>${Object.entries(value).map(([name, each]) => `<li><b>${cellText(name)}</b>: ${cellText(each)}</li>`).join("")}</ul>`;
    }
    return nt.toString(value);
  };
  const markdownTable = (headers, values) => {
    const names = Array.from(headers ?? [], header => escapedCell(String(header)));
    const rows = rowsOf(values).map(row => row.map(cellText));
    if (rows.length && rows[0].length !== names.length)
      throw new Error(`The number of headers (${names.length}) must match the number of columns (${rows[0].length})`);
    const widths = names.map((name, column) => Math.max(name.length, ...rows.map(row => (row[column] ?? "").length)));
    const line = cells => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
    return line(names) + line(widths.map(width => "-".repeat(width))) + rows.map(line).join("");
  };
  const markdownList = (values, _settings, depth = 0) => {
    const nested = (entries, text) => (depth ? "\n" : "") + entries.map(each => `${"    ".repeat(depth)}- ${text(each)}\n`).join("");
    switch (nt.typeOf(values)) {
      case "array": return nested(Array.from(values), each => markdownList(each, null, depth));
      case "object": return nested(Object.entries(values), ([name, each]) => `${name}: ${markdownList(each, null, depth)}`);
      case "widget":
        if (values instanceof nt.ListPairWidget) return `${nt.toString(values.key)}: ${markdownList(values.value, null, depth + 1)}`;
    }
    return nt.toString(values);
  };
  const markdownTaskList = (tasks, _settings, depth = 0) => {
    const list = Array.from(tasks ?? []);
    if (list.length && nt.isGrouping(list))
      return list.map(group => `${"#".repeat(depth + 1)} ${nt.toString(group.key)}\n\n${markdownTaskList(group.rows, null, depth + 1)}`).join("");
    const place = item => `${item.path}:${item.line}`;
    const all = new Set();
    const note = item => { all.add(place(item)); (item.children ?? []).forEach(note); };
    list.forEach(item => (item.children ?? []).forEach(note));
    return list.filter(item => depth || !all.has(place(item))).map(item => {
      const text = String(item.visual ?? item.text).split("\n").join(" ");
      const box = item.task ? `[${item.status}] ` : "";
      return `${"    ".repeat(depth)}- ${box}${text}\n${markdownTaskList(item.children ?? [], null, depth + 1)}`;
    }).join("");
  };

  // ---------------------------------------------------------------- functions

  // Functions with a function argument are done here; all others by the evaluator.
  const withFunctions = {
    map: (values, change) => Array.from(values ?? [], each => change(each)),
    filter: (values, test) => Array.from(values ?? []).filter(each => nt.isTruthy(test(each))),
    any: (values, test) => Array.from(values ?? []).some(each => nt.isTruthy(test(each))),
    all: (values, test) => Array.from(values ?? []).every(each => nt.isTruthy(test(each))),
    none: (values, test) => !Array.from(values ?? []).some(each => nt.isTruthy(test(each))),
    sort: (values, key) => nt.dataArrayOf(Array.from(values ?? [])).sort(each => key(each)).array(),
    reduce: (values, change) => Array.from(values ?? []).reduce((total, each) => (each === null ? total : change(total, each))),
    minby: (values, key) => nt.dataArrayOf(Array.from(values ?? [])).sort(each => key(each)).first() ?? null,
    maxby: (values, key) => nt.dataArrayOf(Array.from(values ?? [])).sort(each => key(each), "desc").first() ?? null,
  };
  const func = new Proxy({}, {
    get: (_target, name) => (...values) => {
      if (values.some(value => typeof value === "function" && !nt.isGhost(value))) {
        if (Object.hasOwn(withFunctions, name)) return withFunctions[name](...values);
        throw new Error(`No implementation of '${String(name)}' found for arguments: ${values.map(nt.typeOf).join(", ")}`);
      }
      return asResult(answered("function", String(name), values.map(encodedArgument))).orElseThrow();
    },
  });

  const date = value => {
    if (value === null || value === undefined || nt.isGhost(value)) return value ?? null;
    if (value instanceof DateTime) return value;
    if (Array.isArray(value)) return Array.from(value, date);
    if (value instanceof Link) return func.date(value);
    return nt.shorthandDate(String(value)) ?? nt.readDate(String(value));
  };
  const duration = value => {
    if (value === null || value === undefined || value instanceof Duration) return value ?? null;
    return nt.readDuration(String(value));
  };
  const literal = value => {
    if (typeof value === "string") return asResult(answered("literal", value)).orElseThrow();
    if (Array.isArray(value)) return Array.from(value, literal);
    if (nt.typeOf(value) === "object") return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, literal(each)]));
    return value ?? null;
  };

  const evaluate = (expression, context) => asResult(answered("evaluate", String(expression), encodedArgument(context ?? {})));
  const query = async (text, origin, settings) => asResult(answered("query", String(text), origin ?? input.path, settings?.forceId ?? null));

  const load = async path => {
    const found = answered("load", String(path), input.path);
    if (found.ghost) return ghost;
    return found.value ?? undefined;
  };
  const view = async (name, value) => {
    const found = answered("view", String(name), input.path);
    if (found.ghost) return;
    if ("error" in found) {
      write({ $: "error", v: found.error });
      return;
    }
    const { path, code: text } = found.value;
    const code = text.includes("await") ? `(async () => { ${text} })()` : text;
    try {
      const result = await new Function("dv", "input", code)(api, value);
      if (result) root.appendChild(rendered(result, false));
    } catch (error) {
      write({ $: "error", v: `Dataview: Failed to execute view '${path}'.\n\n${error}` });
    }
  };

  // What scripts most often ask of Obsidian itself: which notes there are, and what they say.
  const fileFor = path => {
    const encoded = input.pages[path];
    if (!encoded) return null;
    const { name, folder, ext, size, ctime, mtime } = pageOf(encoded).file;
    const stat = { size, ctime: ctime?.ts ?? 0, mtime: mtime?.ts ?? 0 };
    return { path, name: `${name}.${ext}`, basename: name, extension: ext, stat, parent: { path: folder || "/", name: folder.replace(/^.*\//, "") } };
  };
  const allFiles = () => pagePaths().values.map(fileFor);
  const fileAt = path => {
    allFiles();
    return fileFor(String(path));
  };
  const cacheOf = file => {
    const found = file && page(file.path);
    if (!found?.file) return null;
    const { frontmatter, tags } = found.file;
    return { frontmatter: Object.keys(frontmatter).length ? frontmatter : undefined, tags: tags.array().map(tag => ({ tag })) };
  };
  const only = (name, known) => new Proxy(known, {
    get(target, property) {
      if (property in target || typeof property === "symbol" || property === "toJSON") return target[property];
      throw new Error(`${name}.${property} is not available where a site is built`);
    },
  });
  globalThis.app = {
    vault: only("app.vault", {
      getName: () => input.vault ?? "",
      getMarkdownFiles: allFiles,
      getFiles: allFiles,
      getFileByPath: fileAt,
      getAbstractFileByPath: fileAt,
      read: file => load(file.path),
      cachedRead: file => load(file.path),
    }),
    isMobile: false,
    plugins: { plugins: {}, enabledPlugins: new Set(), getPlugin: () => null },
    workspace: only("app.workspace", { getActiveFile: () => fileAt(input.path) }),
    metadataCache: only("app.metadataCache", {
      getFileCache: cacheOf,
      getCache: path => cacheOf({ path }),
      getFirstLinkpathDest: path => fileAt(page(path)?.file?.path ?? ""),
    }),
  };

  const settings = { renderNullAs: "\\-", defaultDateFormat: "MMMM dd, yyyy", defaultDateTimeFormat: "h:mm a - MMMM dd, yyyy", tableIdColumnName: "File", tableGroupColumnName: "Group", maxRecursiveRenderDepth: 4 };
  const api = {
    app: globalThis.app, settings, func,
    luxon: { DateTime, Duration, Interval: nt.Interval, Info: nt.Info, Settings: {} },
    value: {
      typeOf: nt.typeOf, compareValue: nt.compare, toString: nt.toString, isTruthy: nt.isTruthy, deepCopy: nt.deepCopy,
      isString: value => typeof value === "string", isNumber: value => typeof value === "number", isBoolean: value => typeof value === "boolean",
      isDate: value => value instanceof DateTime, isDuration: value => value instanceof Duration, isLink: value => value instanceof Link,
      isNull: value => value === null || value === undefined, isArray: value => Array.isArray(value), isFunction: value => typeof value === "function",
      isObject: value => nt.typeOf(value) === "object", isHtml: value => value instanceof Node, isWidget: value => value instanceof nt.Widget,
      wrapValue: value => ({ type: nt.typeOf(value), value }),
    },
    widget: {
      listPair: (key, value) => new nt.ListPairWidget(key, value),
      externalLink: (url, display) => new nt.ExternalLinkWidget(url, display),
      isListPair: value => value instanceof nt.ListPairWidget, isExternalLink: value => value instanceof nt.ExternalLinkWidget,
    },
    io: {
      load,
      csv: async path => {
        const found = answered("csv", String(path), input.path);
        if (found.ghost) return ghost;
        if (!found.value) throw new Error(`Could not find CSV for path '${path}' (relative to origin '${input.path}')`);
        return nt.dataArrayOf(nt.decode(found.value));
      },
      normalize: path => {
        const found = answered("normalize", String(path), input.path);
        return found.ghost ? ghost : found.value;
      },
    },
    version: { current: "0.5.68", compare: () => true, satisfies: () => true },

    current: () => page(input.path),
    page, pages: pagesOf, pagePaths,

    query,
    tryQuery: async (...values) => (await query(...values)).orElseThrow(),
    queryMarkdown: async (text, origin, settings) => {
      const found = await query(text, origin, settings);
      if (!found.successful || nt.isGhost(found.value)) return found;
      const { type, headers, values } = found.value;
      if (type === "calendar") return asResult({ error: "Cannot render calendar queries to markdown." });
      const write = { table: () => markdownTable(headers, values), list: () => markdownList(values), task: () => markdownTaskList(values) };
      return asResult({ value: write[type]() }, text => text);
    },
    tryQueryMarkdown: async (text, origin) => (await api.queryMarkdown(text, origin)).orElseThrow(),
    evaluate,
    tryEvaluate: (expression, context) => evaluate(expression, context).orElseThrow(),
    evaluateInline: expression => evaluate(expression, {}),
    execute: async text => { write({ $: "execute", v: String(text) }); },
    executeJs: async code => runCode(String(code)),

    array: raw => (nt.isGhost(raw) ? ghost : nt.dataArray(raw)),
    isArray: raw => Array.isArray(raw),
    isDataArray: nt.isDataArray,
    fileLink: (path, embed = false, display) => Link.file(path, embed, display),
    sectionLink: (path, section, embed = false, display) => Link.header(path, section, embed, display),
    blockLink: (path, block, embed = false, display) => Link.block(path, block, embed, display),
    date, duration, literal,
    parse: text => asResult(answered("parse", String(text))).orElseThrow(),
    clone: nt.deepCopy, compare: nt.compare, equal: (a, b) => nt.compare(a, b) === 0,

    el,
    header: (level, text, options) => {
      if (![1, 2, 3, 4, 5, 6].includes(level)) throw new Error(`Unrecognized level '${level}' (expected 1, 2, 3, 4, 5, or 6)`);
      return el(`h${level}`, text, options);
    },
    paragraph: (text, options) => el("p", text, options),
    span: (text, options) => el("span", text, options),
    list: values => {
      nt.resetRoom();
      if (values) write({ $: "list", v: nt.encode(Array.from(values)) });
    },
    table: (headers, values) => {
      nt.resetRoom();
      write({ $: "table", h: Array.from(headers ?? [], header => nt.toString(header)), r: nt.encode(rowsOf(values)) });
    },
    taskList, view, markdownTable, markdownList, markdownTaskList,
    renderValue: async (value, container = root, _component, _path, inline = false) => { container.appendChild(rendered(value, inline)); },
  };
  api.api = api;
  globalThis.DataviewAPI = api;

  // ---------------------------------------------------------------- running

  const runCode = code => {
    const evaluated = new Function("code", "return eval(code)").bind(api);
    const preamble = "const dataview = this;const dv = this;";
    return code.includes("await") ? evaluated(`(async () => {${preamble}${code}\n}).call(this)`) : evaluated(preamble + code);
  };

  nt.start = json => {
    input = JSON.parse(json);
    nt.now = input.now;
    root = new Node("div");
    Object.assign(api, { container: root, currentFilePath: input.path, component: new Node("div") });
    const fail = error => {
      const isError = error instanceof Error;
      outcome = { done: true, error: isError ? `${error.name}: ${error.message}` : String(error), stack: isError ? String(error.stack) : "" };
    };
    try {
      const result = runCode(input.code);
      outcome = { done: false };
      Promise.resolve(result).then(value => { outcome = { done: true, value }; }, fail);
    } catch (error) {
      fail(error);
    }
  };

  nt.runTimers = () => {
    const waiting = nt.timers;
    nt.timers = [];
    for (const run of waiting.slice(0, 1000)) run();
    return waiting.length;
  };

  nt.finish = () => {
    if (questions.size) return JSON.stringify({ questions: [...questions] });
    const report = { missed, error: outcome.error ?? null, stack: outcome.stack ?? "", children: [] };
    if (!outcome.done && !report.error) report.error = "The script waits for something that never happens.";
    if (input.inline && outcome.value !== undefined && !report.error) root.appendChild(rendered(outcome.value, true));
    report.children = root.encoded().c;
    return JSON.stringify(report);
  };
})();
