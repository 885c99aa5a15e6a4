// A link to a number says in its title on which line of the log the number is; on paper it is written behind the number.
"use strict";

for (const link of document.querySelectorAll(".md-content a[title]")) {
  const line = link.title.match(/\b(?:ends on )?lines? [\d\s\u202f–-]*\d/);
  if (line) link.dataset.line = line[0];
}
