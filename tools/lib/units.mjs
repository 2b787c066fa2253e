// A number and its unit stay on one line: a no-break space between them, in prose.

const unit = /(?<=\d) (?=(?:%|‰|s|ms|µs|ns|kB|MB|GB|nats?|bits?|bytes?|px)(?![\p{L}\p{N}_]))/gu;

/** Prose of a markdown cell; code and formulas stay as they are. @param {string} markdown */
export function joinUnits(markdown) {
  return markdown
    .split(/(```[\s\S]*?```|`[^`\n]*`|\$\$[\s\S]*?\$\$|\$[^$\n]+\$)/)
    .map((part, index) => (index % 2 === 0 ? part.replace(unit, "\u00a0") : part))
    .join("");
}
