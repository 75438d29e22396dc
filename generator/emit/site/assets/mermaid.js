/* Draws the page's Mermaid sources in place; each source stays, folded, below its drawing. */
(function () {
  "use strict";
  var page = document.documentElement;
  var chosen = page.dataset.theme;
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  window.mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "neutral",
    fontFamily: getComputedStyle(document.body).fontFamily,
  });
  /* Nodes of the class "internal-link" lead to the notes they name. */
  function link(box, links) {
    box.querySelectorAll(".internal-link").forEach(function (node) {
      var name = node.textContent.trim();
      if (!Object.hasOwn(links, name)) return;
      var anchor = document.createElementNS("http://www.w3.org/2000/svg", "a");
      anchor.setAttribute("href", links[name]);
      node.replaceWith(anchor);
      anchor.append(node);
    });
  }
  document.querySelectorAll(".nt-mermaid").forEach(function (figure, number) {
    var source = figure.querySelector("code").textContent;
    window.mermaid.render("nt-mermaid-" + number, source).then(
      function (drawn) {
        var box = document.createElement("div");
        box.innerHTML = drawn.svg;
        link(box, JSON.parse(figure.dataset.links || "{}"));
        figure.prepend(box);
        figure.querySelector("details").open = false;
        figure.classList.add("is-drawn");
      },
      function () {
        /* An error drawing is left behind by the library; the source is shown, as without a script. */
        var left = document.getElementById("dnt-mermaid-" + number);
        if (left) left.remove();
      }
    );
  });
})();
