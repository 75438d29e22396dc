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
  document.querySelectorAll(".nt-mermaid").forEach(function (figure, number) {
    var source = figure.querySelector("code").textContent;
    window.mermaid.render("nt-mermaid-" + number, source).then(
      function (drawn) {
        var box = document.createElement("div");
        box.innerHTML = drawn.svg;
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
