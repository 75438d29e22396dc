// Enough of a document for scripts that build elements: a tree that is written out at the end.

(() => {
  const escaped = text => String(text).replace(/[&<>"]/g, char => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);
  const dashed = name => String(name).replace(/[A-Z]/g, char => `-${char.toLowerCase()}`);
  const VOID = new Set(["area", "br", "col", "hr", "img", "input", "source", "track", "wbr"]);

  class Node {
    constructor(tag) {
      this.tagName = this.nodeName = tag.toUpperCase();
      this.tag = tag;
      this.attributes_ = new Map();
      this.childNodes = [];
      this.parentElement = this.parentNode = null;
    }
    // Made when asked for: most elements of a long list are never styled.
    get dataset() {
      return new Proxy({}, {
        set: (_target, name, value) => {
          this.setAttribute(`data-${dashed(name)}`, value);
          return true;
        },
        get: (_target, name) => this.attributes_.get(`data-${dashed(name)}`),
      });
    }
    get style() {
      return new Proxy({}, {
        set: (_target, name, value) => {
          this.declare(name, value);
          return true;
        },
        get: (_target, name) => {
          if (name === "setProperty") return (property, value) => this.declare(property, value);
          if (name === "removeProperty") return property => this.declare(property, "");
          return this.declarations().get(cssName(name)) ?? "";
        },
      });
    }
    set style(text) { this.setAttribute("style", text); }
    get classList() {
      const words = () => new Set((this.attributes_.get("class") ?? "").split(/\s+/).filter(Boolean));
      const keep = list => { this.attributes_.set("class", [...list].join(" ")); };
      const named = names => names.flat().flatMap(name => String(name).split(/\s+/));
      const list = {
        add: (...names) => keep(new Set([...words(), ...named(names)])),
        remove: (...names) => keep([...words()].filter(name => !named(names).includes(name))),
        contains: name => words().has(name),
        toggle: (name, force) => (force ?? !words().has(name) ? list.add(name) : list.remove(name)),
        get length() { return words().size; },
        [Symbol.iterator]: () => words()[Symbol.iterator](),
      };
      return list;
    }

    // ---------------------------------------------------------------- attributes

    declarations() {
      const found = new Map();
      for (const part of (this.attributes_.get("style") ?? "").split(";")) {
        const colon = part.indexOf(":");
        if (colon > 0) found.set(part.slice(0, colon).trim(), part.slice(colon + 1).trim());
      }
      return found;
    }
    declare(name, value) {
      if (name === "cssText") {
        this.attributes_.set("style", String(value));
        return;
      }
      const all = this.declarations();
      if (value === "" || value === null) all.delete(cssName(name));
      else all.set(cssName(name), String(value).replace(/[;{}]/g, ""));
      this.attributes_.set("style", [...all].map(([key, each]) => `${key}: ${each}`).join("; "));
    }
    setAttribute(name, value) { this.attributes_.set(String(name), String(value)); }
    setAttr(name, value) { this.setAttribute(name, value); }
    setAttrs(values) { for (const [name, value] of Object.entries(values)) this.setAttribute(name, value); }
    getAttribute(name) { return this.attributes_.get(name) ?? null; }
    getAttr(name) { return this.getAttribute(name); }
    hasAttribute(name) { return this.attributes_.has(name); }
    removeAttribute(name) { this.attributes_.delete(name); }
    addClass(...names) { this.classList.add(...names); return this; }
    addClasses(names) { this.classList.add(...names); return this; }
    removeClass(...names) { this.classList.remove(...names); return this; }
    toggleClass(names, on) { [names].flat().forEach(name => this.classList.toggle(name, on)); }
    hasClass(name) { return this.classList.contains(name); }
    setCssStyles(values) { for (const [name, value] of Object.entries(values)) this.declare(name, value); }
    setCssProps(values) { this.setCssStyles(values); }

    // ---------------------------------------------------------------- the tree

    adopt(child) {
      const node = typeof child === "string" ? child : child instanceof Node || child instanceof Written ? child : String(child);
      if (node instanceof Node) {
        node.remove();
        node.parentElement = node.parentNode = this;
      }
      return node;
    }
    appendChild(child) {
      if (child instanceof Node && child.tag === "#fragment") child.childNodes.slice().forEach(each => this.appendChild(each));
      else this.childNodes.push(this.adopt(child));
      return child;
    }
    append(...children) { children.forEach(child => this.appendChild(child)); }
    prepend(...children) { this.childNodes.unshift(...children.map(child => this.adopt(child))); }
    insertBefore(child, before) {
      const place = this.childNodes.indexOf(before);
      const node = this.adopt(child);
      this.childNodes.splice(place < 0 ? this.childNodes.length : place, 0, node);
      return child;
    }
    replaceChildren(...children) { this.empty(); this.append(...children); }
    replaceWith(...others) {
      const parent = this.parentElement;
      if (!parent) return;
      const place = parent.childNodes.indexOf(this);
      parent.childNodes.splice(place, 1, ...others.map(each => parent.adopt(each)));
      this.parentElement = this.parentNode = null;
    }
    removeChild(child) {
      const place = this.childNodes.indexOf(child);
      if (place >= 0) this.childNodes.splice(place, 1);
      return child;
    }
    remove() {
      if (this.parentElement) this.parentElement.removeChild(this);
      this.parentElement = this.parentNode = null;
    }
    detach() { this.remove(); }
    empty() { this.childNodes = []; }
    cloneNode(deep) {
      const copy = new Node(this.tag);
      copy.attributes_ = new Map(this.attributes_);
      if (deep) this.childNodes.forEach(child => copy.appendChild(child instanceof Node ? child.cloneNode(true) : child));
      return copy;
    }
    get children() { return this.childNodes.filter(child => child instanceof Node); }
    get firstChild() { return this.childNodes[0] ?? null; }
    get lastChild() { return this.childNodes[this.childNodes.length - 1] ?? null; }
    get firstElementChild() { return this.children[0] ?? null; }
    get lastElementChild() { return this.children[this.children.length - 1] ?? null; }
    *below() {
      for (const child of this.children) {
        yield child;
        yield* child.below();
      }
    }
    matches(selector) {
      return selector.split(",").some(part => {
        const simple = /^([a-z0-9*]+)?((?:[.#][\w-]+)*)$/i.exec(part.trim());
        if (!simple) return false;
        if (simple[1] && simple[1] !== "*" && simple[1].toLowerCase() !== this.tag.toLowerCase()) return false;
        return (simple[2].match(/[.#][\w-]+/g) ?? []).every(each =>
          each[0] === "." ? this.classList.contains(each.slice(1)) : this.attributes_.get("id") === each.slice(1));
      });
    }
    querySelectorAll(selector) {
      const steps = selector.trim().split(/\s+(?![^,]*,)/);
      let found = [this];
      for (const step of steps) found = [...new Set(found.flatMap(node => [...node.below()].filter(each => each.matches(step))))];
      return found;
    }
    querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
    find(selector) { return this.querySelector(selector); }
    findAll(selector) { return this.querySelectorAll(selector); }
    closest(selector) {
      for (let node = this; node; node = node.parentElement) if (node.matches(selector)) return node;
      return null;
    }

    // ---------------------------------------------------------------- text and markup

    createEl(tag, options = {}, run) {
      const node = new Node(tag);
      const settings = typeof options === "string" ? { cls: options } : options ?? {};
      if (settings.cls) node.classList.add(...[settings.cls].flat());
      if (settings.attr) node.setAttrs(Object.fromEntries(Object.entries(settings.attr).filter(([, value]) => value !== null && value !== undefined)));
      for (const name of ["title", "href", "type", "value", "placeholder"]) if (settings[name] !== undefined) node.setAttribute(name, settings[name]);
      if (settings.text !== undefined) node.setText(settings.text);
      (settings.parent ?? this)[settings.prepend ? "prepend" : "appendChild"](node);
      if (run) run(node);
      return node;
    }
    createDiv(options, run) { return this.createEl("div", options, run); }
    createSpan(options, run) { return this.createEl("span", options, run); }
    setText(text) {
      this.empty();
      this.appendChild(text instanceof Node ? text : String(text ?? ""));
    }
    appendText(text) { this.appendChild(String(text)); }
    getText() { return this.textContent; }
    get textContent() { return this.childNodes.map(child => (child instanceof Node ? child.textContent : child instanceof Written ? child.text() : child)).join(""); }
    set textContent(text) { this.setText(text); }
    get innerText() { return this.textContent; }
    set innerText(text) { this.setText(text); }
    get innerHTML() { return this.childNodes.map(child => (child instanceof Node ? child.outerHTML : child instanceof Written ? child.markup() : escaped(child))).join(""); }
    set innerHTML(html) {
      const pieces = piecesOf(String(html));
      this.empty();
      this.childNodes.push(...pieces);
    }
    insertAdjacentHTML(where, html) {
      const pieces = piecesOf(String(html));
      if (where === "afterbegin" || where === "beforebegin") this.childNodes.unshift(...pieces);
      else this.childNodes.push(...pieces);
    }
    insertAdjacentElement(where, node) { where === "afterbegin" ? this.prepend(node) : this.append(node); return node; }
    get outerHTML() {
      const attributes = [...this.attributes_].map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
      return `<${this.tag}${attributes}>${VOID.has(this.tag) ? "" : `${this.innerHTML}</${this.tag}>`}`;
    }
    encoded(depth = 0) {
      if (depth > 60) return "...";
      nt.spend(this.childNodes.length, 0);
      const children = this.childNodes.map(child => (child instanceof Node ? child.encoded(depth + 1) : child instanceof Written ? child.encoded() : child));
      return { $: "el", t: this.tag, a: [...this.attributes_], c: children };
    }

    // Nothing ever happens on a built page.
    addEventListener() {}
    removeEventListener() {}
    onClickEvent() {}
    click() {}
    focus() {}
    scrollIntoView() {}
    getBoundingClientRect() { return { top: 0, left: 0, right: 0, bottom: 0, width: 0, height: 0 }; }
  }
  for (const name of ["id", "className", "href", "src", "alt", "title", "type", "value", "name", "width", "height", "colSpan", "rowSpan", "target", "rel"]) {
    const attribute = name === "className" ? "class" : name.toLowerCase();
    Object.defineProperty(Node.prototype, name, {
      get() { return this.attributes_.get(attribute) ?? ""; },
      set(value) { this.setAttribute(attribute, value); },
    });
  }
  for (const name of ["checked", "disabled", "open", "hidden"])
    Object.defineProperty(Node.prototype, name, {
      get() { return this.attributes_.has(name); },
      set(value) { value ? this.setAttribute(name, "") : this.removeAttribute(name); },
    });

  // A piece that only the site can render: markup to clean, a value, a table, a query.
  class Written {
    constructor(form) { this.form = form; }
    encoded() { return this.form; }
    text() { return typeof this.form.s === "string" ? this.form.s : ""; }
    // Words are markup already; a table or the like is a mark, which finds it again in new markup.
    markup() {
      if (this.form.$ === "html") return this.form.v;
      if (this.form.$ === "rendered" && /^[\p{L}\p{N} .,:;?]*$/u.test(this.text())) return this.text();
      if (this.place === undefined) this.place = marked.push(this) - 1;
      return `<nt-written place="${this.place}"></nt-written>`;
    }
  }
  const marked = [];
  const piecesOf = html =>
    html.split(/<nt-written place="(\d+)"><\/nt-written>/).map((piece, place) =>
      place % 2 ? marked[piece] ?? "" : piece && new Written({ $: "html", v: piece })).filter(Boolean);

  const cssName = name => (String(name).startsWith("--") ? name : dashed(name));

  nt.Node = Node;
  nt.Written = Written;
  globalThis.HTMLElement = globalThis.Node = globalThis.Element = Node;
  globalThis.document = {
    createElement: tag => new Node(String(tag)),
    createElementNS: (_space, tag) => new Node(String(tag)),
    createTextNode: text => String(text),
    createDocumentFragment: () => new Node("#fragment"),
    querySelector: () => null,
    querySelectorAll: () => [],
    getElementById: () => null,
    addEventListener() {},
    body: new Node("body"),
    head: new Node("head"),
  };
  globalThis.createEl = (tag, options, run) => new Node("#none").createEl(tag, options, run);
  globalThis.createDiv = (options, run) => globalThis.createEl("div", options, run);
  globalThis.createSpan = (options, run) => globalThis.createEl("span", options, run);
  globalThis.createFragment = run => {
    const fragment = new Node("#fragment");
    if (run) run(fragment);
    return fragment;
  };
})();
