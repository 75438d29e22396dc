/* The finder: titles, aliases, tags, headings and models at once, words of the notes a moment later.
   Names are matched by a small index of our own order; words by MiniSearch (vendored, unchanged). */
(function () {
  "use strict";
  var site = window.notetorch;
  var make = site.make;
  var KINDS = { n: "", m: "model", t: "tag", f: "folder" };
  var MOST = 40;
  var FEW = 8; /* with fewer names found, mistyped ones count too */

  var names = null; /* rows of names.js, with folded texts */
  var words = null; /* MiniSearch over words.js */
  var selected = 0;
  var found = [];
  var drawn = null; /* what was asked when the list was last drawn */

  var input = make("input", {
    type: "search",
    placeholder: "Find a note, heading, tag or model",
    "aria-label": "Find",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "nt-found",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
  });
  var list = make("ul", { id: "nt-found", role: "listbox", "aria-label": "Found" });
  var remark = make("p", { role: "status" });
  var dialog = make("dialog", { class: "finder", "aria-label": "Find" }, [input, list, remark]);
  document.body.append(dialog);

  /* Lower case, without accents, so that "cafe" finds "Café". */
  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  function wordsOf(text) {
    return text.split(/[^\p{L}\p{N}]+/u);
  }
  /* Words for the index; scripts without blanks are cut into pairs of characters. */
  function tokens(text) {
    var result = [];
    wordsOf(fold(text)).forEach(function (word) {
      if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]/.test(word) && word.length > 2) {
        for (var at = 0; at + 1 < word.length; at++) result.push(word.slice(at, at + 2));
      } else if (word) {
        result.push(word);
      }
    });
    return result;
  }

  /* One or two letters begin too many words; one sign of other scripts is a word already. */
  function isTelling(token) {
    return token.length > 2 || token.charCodeAt(0) > 0x2e7f;
  }

  function prepare(rows) {
    names = [];
    rows.forEach(function (row, at) {
      names.push({ row: row, at: at, text: row[1], folded: fold(row[1]), url: row[2], weight: 0 });
      row[4].forEach(function (alias) {
        names.push({ row: row, at: at, text: alias, folded: fold(alias), url: row[2], alias: true, weight: row[0] === "m" ? 5 : 2 });
      });
      row[5].forEach(function (heading) {
        names.push({ row: row, at: at, text: heading[0], folded: fold(heading[0]), url: row[2] + heading[1], heading: true, weight: 4 });
      });
    });
  }

  /* How well a name fits: 0 is best, Infinity not at all. */
  function distance(name, asked, parts) {
    if (name === asked) return 0;
    if (name.startsWith(asked)) return 1 + name.length / 200;
    var total = 2 + name.length / 200;
    for (var i = 0; i < parts.length; i++) {
      var at = name.indexOf(parts[i]);
      if (at < 0) return scattered(name, asked);
      total += at === 0 || /[^\p{L}\p{N}]/u.test(name[at - 1]) ? 0.5 : 3;
    }
    return total;
  }
  function scattered(name, asked) {
    var at = -1;
    var gaps = 0;
    for (var i = 0; i < asked.length; i++) {
      if (asked[i] === " ") continue;
      var next = name.indexOf(asked[i], at + 1);
      if (next < 0) return Infinity;
      if (at >= 0) gaps += next - at - 1;
      at = next;
    }
    return asked.length > 2 && gaps <= asked.length ? 12 + gaps : Infinity;
  }

  /* The same for names that hold each part only with a slip or two; long parts may hold more. */
  function mistyped(name, parts) {
    var total = 14;
    var all = parts.every(function (part) {
      var allowed = part.length < 4 || /\d/.test(part) ? 0 : part.length < 8 ? 1 : 2; /* a number is no slip */
      if (name.indexOf(part) >= 0) return true;
      var least = allowed + 1;
      wordsOf(name).forEach(function (word) {
        if (word.length >= part.length - allowed) least = Math.min(least, slips(part, word, allowed));
      });
      total += 2 * least;
      return least <= allowed;
    });
    return all ? total : Infinity;
  }
  /* The fewest letters to add, drop, change or swap so that the part begins the word. */
  function slips(part, word, allowed) {
    var before = [];
    var last = [];
    for (var j = 0; j <= part.length + allowed && j <= word.length; j++) last.push(j);
    for (var i = 1; i <= part.length; i++) {
      var row = [i];
      for (j = 1; j < last.length; j++) {
        var cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (part[i - 1] === word[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && part[i - 1] === word[j - 2] && part[i - 2] === word[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        row.push(cost);
      }
      before = last;
      last = row;
    }
    return Math.min.apply(null, last);
  }

  function search() {
    var asked = fold(input.value.trim());
    if (!names) return;
    if (!asked) {
      found = [];
      draw("Type to search. Enter opens, Esc closes.");
      return;
    }
    var parts = asked.split(/\s+/);
    var hits = [];
    function add(fits) {
      names.forEach(function (name) {
        var far = fits(name) + name.weight;
        if (far < Infinity) hits.push({ name: name, far: far });
      });
    }
    add(function (name) {
      return distance(name.folded, asked, parts);
    });
    if (hits.length < FEW) {
      add(function (name) {
        return mistyped(name.folded, parts);
      });
    }
    hits.sort(function (a, b) {
      return a.far - b.far || a.name.text.length - b.name.text.length || a.name.at - b.name.at;
    });
    var places = {}; /* a title and an alias lead to one place: the better of them stands for both */
    found = [];
    hits.forEach(function (hit) {
      var place = hit.name.url + (hit.name.row[0] === "m" ? " " + hit.name.text : "");
      if (!places[place] && found.length < MOST) found.push(hit.name);
      places[place] = true;
    });
    if (words && tokens(asked).some(isTelling)) {
      var seen = {};
      found.forEach(function (name) {
        seen[name.at] = true;
      });
      var said = words.search(asked);
      if (!said.length && !found.length) said = words.search(asked, { fuzzy: 0.2 });
      said.slice(0, 20).forEach(function (hit) {
        if (!seen[hit.id]) {
          var row = rowsOf(hit.id);
          found.push({ row: row, at: hit.id, text: row[1], url: row[2], around: around(hit.text, parts) });
        }
      });
    }
    draw(found.length ? "" : words ? "Nothing found." : "No name matches; reading the texts …");
  }
  function rowsOf(at) {
    return names.find(function (name) {
      return name.at === at;
    }).row;
  }
  function around(text, parts) {
    var folded = text.toLowerCase();
    var at = 0;
    parts.some(function (part) {
      at = folded.indexOf(part);
      return at >= 0;
    });
    var from = Math.max(0, at - 40);
    return (from ? "…" : "") + text.slice(from, from + 140);
  }

  function draw(says) {
    if (drawn !== input.value) selected = 0; /* the texts came: what is chosen stays chosen */
    drawn = input.value;
    list.replaceChildren.apply(list, found.map(item));
    remark.textContent = says;
    remark.hidden = !says;
    choose(selected);
  }
  function item(name, at) {
    var where = KINDS[name.row[0]] || name.row[3];
    var what = make("span", { class: "what" }, emphasised(name.text));
    var parts = [what, make("span", { class: "where" }, where || "")];
    if (name.heading || name.alias) {
      parts.push(make("span", { class: "around" }, (name.heading ? "in " : name.row[0] === "m" ? "in module " : "also called ") + name.row[1]));
    }
    if (name.around) parts.push(make("span", { class: "around" }, name.around));
    var li = make("li", { role: "option", id: "nt-found-" + at }, parts);
    li.addEventListener("mousemove", function () {
      if (selected !== at) choose(at);
    });
    li.addEventListener("click", function (event) {
      go(at, event.ctrlKey || event.metaKey);
    });
    return li;
  }
  function emphasised(text) {
    var asked = input.value.trim();
    var at = asked ? text.toLowerCase().indexOf(asked.toLowerCase()) : -1;
    if (at < 0) return [text];
    return [text.slice(0, at), make("b", {}, text.slice(at, at + asked.length)), text.slice(at + asked.length)];
  }
  function choose(at) {
    var items = list.children;
    if (!items.length) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    if (items[selected]) items[selected].setAttribute("aria-selected", "false");
    selected = (at + items.length) % items.length;
    items[selected].setAttribute("aria-selected", "true");
    items[selected].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[selected].id);
  }
  function go(at, apart) {
    if (!found[at]) return;
    var address = site.root + found[at].url;
    dialog.close();
    if (apart) window.open(address);
    else location.href = address;
  }

  input.addEventListener("input", search);
  dialog.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      choose(selected + step);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go(selected, event.ctrlKey || event.metaKey);
    } else if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault(); /* a search field would only empty itself */
      dialog.close();
    }
  });
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog) dialog.close();
  });

  /* The data are large: they are loaded when the finder is first opened, not with the page. */
  var started = false;
  function start() {
    if (started) return;
    started = true;
    site.load("names.js", "ntNames", function (rows) {
      prepare(rows);
      search();
      site.load("vendor/minisearch-7.2.0/minisearch.js", "", function () {
        site.load("words.js", "ntWords", function (texts) {
          words = new window.MiniSearch({
            fields: ["text"],
            storeFields: ["text"],
            tokenize: tokens,
            processTerm: function (term) {
              return term;
            },
            searchOptions: { prefix: true, combineWith: "AND" },
          });
          words.addAllAsync(
            texts.map(function (each) {
              return { id: each[0], text: each[1] };
            }),
            { chunkSize: 100 }
          ).then(search);
        });
      });
    });
  }

  site.find = function () {
    if (!dialog.open) dialog.showModal();
    input.select();
    start();
    search();
  };
})();
