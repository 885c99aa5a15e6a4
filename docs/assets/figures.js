// A figure as PNG, for slides: the browser draws the SVG at twice its size. Pages opened as files may not do that.
"use strict";

async function pngOf(address) {
  const drawing = new Image();
  drawing.src = URL.createObjectURL(new Blob([await (await fetch(address)).text()], { type: "image/svg+xml" }));
  await drawing.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * drawing.naturalWidth;
  canvas.height = 2 * drawing.naturalHeight;
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(drawing.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function addPng(link) {
  const png = document.createElement("a");
  png.href = link.href;
  png.textContent = "PNG";
  png.addEventListener("click", async (event) => {
    event.preventDefault();
    const saved = document.createElement("a");
    saved.href = URL.createObjectURL(await pngOf(link.href));
    saved.download = link.href.replace(/^.*\//, "").replace(/svg$/, "png");
    saved.click();
  });
  link.after(" · ", png);
}

if (location.protocol.startsWith("http")) {
  document.querySelectorAll('.figure > p > a[href$=".svg"]').forEach(addPng);
}
