// The sprites of a game: one sheet of square tiles from the server or a file, cut into the layers of a texture array.

import type { AtlasInfo } from "../feed/description";

/** Loads the sheet into a texture array; layer n is tile n. */
export async function loadAtlas(gl: WebGL2RenderingContext, info: AtlasInfo): Promise<WebGLTexture> {
  const sheet = info.sheet ?? (await fetchSheet(info.url));
  return cut(gl, info, await createImageBitmap(sheet, { premultiplyAlpha: "none" }));
}

async function fetchSheet(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the pictures of the game did not come: ${response.status}`);
  return response.blob();
}

function cut(gl: WebGL2RenderingContext, info: AtlasInfo, sheet: ImageBitmap): WebGLTexture {
  const size = info.tile_size;
  const pitch = size + 2 * info.padding;
  const count = Object.keys(info.tiles).length;
  const canvas = new OffscreenCanvas(sheet.width, sheet.height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(sheet, 0, 0);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1 + Math.floor(Math.log2(size)), gl.RGBA8, size, size, count);
  for (let tile = 0; tile < count; tile++) {
    const left = (tile % info.columns) * pitch + info.padding;
    const top = Math.floor(tile / info.columns) * pitch + info.padding;
    const pixels = context.getImageData(left, top, size, size);
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, tile, size, size, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  }
  gl.generateMipmap(gl.TEXTURE_2D_ARRAY);
  gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}
