/* The page's own behaviour: theme, menu, folder tree, copying, outline, previews; the finder on demand.
   Works from disk: data come as classic scripts that call a function, nothing is fetched. */
(function () {
  "use strict";
  var page = document.documentElement;
  var root = page.dataset.root || "";
  var here = page.dataset.page || "";

  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      element.setAttribute(name, attributes[name]);
    });
    [].concat(children || []).forEach(function (child) {
      element.append(child);
    });
    return element;
  }

  /* Load a data script once; it calls window[name] with its data. */
  var loading = {};
  function load(file, name, use) {
    if (loading[file]) {
      loading[file].push(use);
      return;
    }
    var waiting = (loading[file] = [use]);
    var data;
    waiting.push = function (next) {
      if (data === undefined) Array.prototype.push.call(waiting, next);
      else next(data);
    };
    if (name) {
      window[name] = function (value) {
        data = value;
      };
    }
    var script = make("script", { src: root + "-/assets/" + file });
    script.onload = function () {
      if (!name) data = true;
      waiting.forEach(function (each) {
        each(data);
      });
    };
    document.head.append(script);
  }

  function remembered(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch (error) {
      return null;
    }
    return value;
  }

  window.notetorch = { root: root, make: make, load: load };

  /* ---------------------------------------------------------------- previews show the text only */
  if (window !== window.top) {
    page.classList.add("is-preview");
    return;
  }

  /* ---------------------------------------------------------------- theme: as the system, or the other */
  var themes = document.querySelector(".theme-button");
  function systemIsDark() {
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function isDark() {
    var chosen = page.dataset.theme;
    return chosen ? chosen === "dark" : systemIsDark();
  }
  function nameTheme() {
    themes.setAttribute("aria-pressed", String(isDark()));
    themes.title = isDark() ? "Use the light theme" : "Use the dark theme";
  }
  themes.addEventListener("click", function () {
    var dark = !isDark();
    if (dark === systemIsDark()) {
      delete page.dataset.theme; /* back to following the system */
      remembered("nt-theme", null);
    } else {
      page.dataset.theme = dark ? "dark" : "light";
      remembered("nt-theme", page.dataset.theme);
    }
    nameTheme();
  });
  nameTheme();

  /* ---------------------------------------------------------------- menu on small screens */
  var menu = document.querySelector(".menu-button");
  var side = document.getElementById("nt-side");
  function openMenu(open) {
    document.body.classList.toggle("menu-open", open);
    menu.setAttribute("aria-expanded", String(open));
    if (open) growTree();
  }
  menu.addEventListener("click", function () {
    openMenu(!document.body.classList.contains("menu-open"));
  });
  document.addEventListener("click", function (event) {
    if (document.body.classList.contains("menu-open") && !event.target.closest(".side, .bar")) {
      openMenu(false);
    }
  });

  /* ---------------------------------------------------------------- folder tree, drawn as it is opened */
  var tree = document.getElementById("nt-tree");
  var MOST = 150; /* entries of a folder drawn at once */
  var current = here.split("/").map(encodeURIComponent).join("/");
  var grown = false;

  function same(url) {
    try {
      return decodeURIComponent(url) === here;
    } catch (error) {
      return url === current;
    }
  }
  function holds(entry) {
    return entry[2] ? entry[2].some(holds) || same(entry[1]) : same(entry[1]);
  }
  function list(entries) {
    var ul = make("ul");
    var at = entries.findIndex(holds);
    var first = at < MOST ? 0 : Math.max(0, at - 20);
    function draw(from, to, before) {
      entries.slice(from, to).forEach(function (entry) {
        ul.insertBefore(entry[2] ? folder(entry) : leaf(entry), before);
      });
    }
    function rest(from, to) {
      if (from >= to) return;
      var item = make("li", {}, make("button", { type: "button", class: "more" }, to - from + " more"));
      ul.append(item);
      item.firstChild.addEventListener("click", function () {
        draw(from, to, item);
        item.remove();
      });
    }
    rest(0, first);
    draw(first, first + MOST, null);
    rest(first + MOST, entries.length);
    return ul;
  }
  function named(text) {
    return make("span", text.length > 50 ? { class: "name", title: text } : { class: "name" }, text);
  }
  function leaf(entry) {
    var link = make("a", { href: root + entry[1] }, named(entry[0]));
    if (same(entry[1])) link.setAttribute("aria-current", "page");
    return make("li", {}, link);
  }
  function folder(entry) {
    var details = make("details", {}, make("summary", {}, named(entry[0])));
    var drawn = false;
    function fill() {
      if (drawn) return;
      drawn = true;
      var inside = list(entry[2]);
      inside.prepend(leaf(["All in " + entry[0], entry[1]]));
      details.append(inside);
    }
    if (holds(entry)) {
      details.open = true;
      fill();
    }
    details.addEventListener("toggle", fill);
    return make("li", {}, details);
  }
  function growTree() {
    if (grown) return;
    grown = true;
    load("tree.js", "ntTree", function (entries) {
      tree.replaceChildren(list(entries));
      var mark = tree.querySelector('[aria-current="page"]');
      if (!mark) return;
      if (mark.offsetTop > side.clientHeight * 0.8) side.scrollTop = mark.offsetTop - side.clientHeight / 2;
      if (mark.offsetLeft > side.clientWidth * 0.8) side.scrollLeft = mark.offsetLeft - side.clientWidth / 2;
    });
  }
  if (matchMedia("(min-width: 56.01rem)").matches) growTree();

  /* ---------------------------------------------------------------- what is wider than its place scrolls, by keyboard too */
  document.querySelectorAll(".text table").forEach(function (table) {
    if (!table.closest(".scroll, table table, .canvas")) {
      var box = make("div", { class: "scroll" });
      table.replaceWith(box);
      box.append(table);
    }
  });
  function isTooWide(formula) {
    var place = formula.parentElement;
    while (getComputedStyle(place).display === "inline") place = place.parentElement;
    var scrolls = /^(auto|scroll)$/.test(getComputedStyle(place).overflowX);
    return !scrolls && formula.getBoundingClientRect().width > place.clientWidth;
  }
  Array.from(document.querySelectorAll("main math")).filter(isTooWide).forEach(function (formula) {
    var box = make("span", { class: "wide-math", tabindex: "0" });
    formula.replaceWith(box);
    box.append(formula);
  });
  document.querySelectorAll(".scroll, .math-block, .math-display, .formula, .nt-drawing, .nt-mermaid").forEach(function (box) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
  });

  /* ---------------------------------------------------------------- a canvas is shown whole, or as large as it was drawn */
  document.querySelectorAll(".canvas").forEach(function (canvas) {
    var ground = canvas.querySelector(".canvas-ground");
    var least = 0.35; // smaller text cannot be read
    var fitting = Math.max(least, Math.min(canvas.clientWidth / ground.offsetWidth, 1));
    if (fitting === 1) return;
    var button = make("button", { type: "button", class: "canvas-zoom" });
    function show(whole) {
      ground.style.zoom = whole ? fitting : 1;
      button.textContent = whole ? "Full size" : "Show whole";
    }
    button.addEventListener("click", function () { show(button.textContent !== "Full size"); });
    canvas.before(button);
    show(true);
  });

  document.querySelectorAll(".task-list-item-checkbox").forEach(function (box) {
    box.setAttribute("aria-label", box.checked ? "done" : "to do");
  });

  /* ---------------------------------------------------------------- on narrow screens the outline opens above the text */
  var margin = document.querySelector(".margin .outline");
  var head = document.querySelector("article .note-head");
  if (margin && head && !matchMedia("(min-width: 76rem)").matches) {
    head.after(make("details", { class: "contents" }, [make("summary", {}, "On this page"), margin]));
  }

  /* ---------------------------------------------------------------- copy buttons */
  document.querySelectorAll("main pre").forEach(function (pre) {
    var box = make("div", { class: "code-box" });
    var button = make("button", { type: "button", class: "copy" }, "Copy");
    pre.replaceWith(box);
    pre.tabIndex = 0;
    box.append(pre, button);
    button.addEventListener("click", function () {
      copy(pre.innerText, function (done) {
        button.textContent = done ? "Copied" : "Not copied";
        setTimeout(function () {
          button.textContent = "Copy";
        }, 1600);
      });
    });
  });
  function copy(text, report) {
    function byHand() {
      var area = make("textarea", { "aria-hidden": "true", style: "position:fixed;opacity:0" });
      area.value = text;
      document.body.append(area);
      area.select();
      var done = document.execCommand("copy");
      area.remove();
      report(done);
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(function () {
        report(true);
      }, byHand);
    } else {
      byHand();
    }
  }

  /* ---------------------------------------------------------------- where one is in the outline */
  var outline = document.querySelectorAll(".outline a");
  if (outline.length && "IntersectionObserver" in window) {
    var byId = {};
    outline.forEach(function (link) {
      byId[decodeURIComponent(link.hash.slice(1))] = link;
    });
    var marks = Object.keys(byId)
      .map(function (id) {
        return document.getElementById(id);
      })
      .filter(Boolean);
    var update = function () {
      var top = null;
      marks.forEach(function (mark) {
        if (mark.getBoundingClientRect().top < 140) top = mark;
      });
      outline.forEach(function (link) {
        link.removeAttribute("aria-current");
      });
      if (top) byId[top.id].setAttribute("aria-current", "true");
    };
    var watcher = new IntersectionObserver(update, { rootMargin: "-130px 0px -70% 0px" });
    marks.forEach(function (mark) {
      watcher.observe(mark);
    });
    update();
  }

  /* ---------------------------------------------------------------- previews of linked notes */
  if (matchMedia("(hover: hover) and (min-width: 56.01rem)").matches) {
    var shown = null;
    var timer = 0;
    var hide = function () {
      clearTimeout(timer);
      if (shown) shown.remove();
      shown = null;
    };
    var show = function (link) {
      hide();
      var place = link.getBoundingClientRect();
      shown = make("div", { class: "preview" }, make("iframe", { src: link.href, title: "Preview", tabindex: "-1" }));
      var below = place.bottom + 290 < innerHeight;
      shown.style.left = Math.max(8, Math.min(place.left, innerWidth - 420)) + scrollX + "px";
      shown.style.top = (below ? place.bottom + 6 : place.top - 282) + scrollY + "px";
      shown.addEventListener("mouseleave", hide);
      document.body.append(shown);
    };
    document.addEventListener("mouseover", function (event) {
      var link = event.target.closest && event.target.closest("main a.internal-link");
      clearTimeout(timer);
      if (link && link.hash && link.pathname === location.pathname) return;
      if (link && /\.html(#|$)/.test(link.href)) timer = setTimeout(show, 450, link);
      else if (shown && !event.target.closest(".preview")) timer = setTimeout(hide, 250);
    });
    addEventListener("keydown", function (event) {
      if (event.key === "Escape") hide();
    });
  }

  /* ---------------------------------------------------------------- the finder */
  function openFinder() {
    load("finder.js", "", function () {
      window.notetorch.find();
    });
  }
  document.querySelector(".find-button").addEventListener("click", openFinder);
  addEventListener("load", function () {
    /* The script is there before it is asked for, so that no letter typed after "/" is lost. */
    load("finder.js", "", function () {});
  });
  addEventListener("keydown", function (event) {
    var typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (slash || chord) {
      event.preventDefault();
      openFinder();
    }
    if (event.key === "Escape" && document.body.classList.contains("menu-open")) {
      openMenu(false);
      menu.focus();
    }
  });
})();
