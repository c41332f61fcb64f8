// The two programs that draw everything: tiles of the atlas, and plain shapes with smooth edges.

/** Places a unit square (corner: 0..1) by its box in cells, turned around its middle. */
const PLACE = `
uniform vec2 camera;   // cell in the middle of the pane
uniform vec2 clip;     // clip space per cell, y upwards
vec4 place(vec4 box, float angle, vec2 corner) {
  vec2 fromMiddle = (corner - 0.5) * box.zw;
  float c = cos(angle), s = sin(angle);
  vec2 turned = vec2(c * fromMiddle.x - s * fromMiddle.y, s * fromMiddle.x + c * fromMiddle.y);
  vec2 cell = box.xy + 0.5 * box.zw + turned;
  return vec4((cell.x - camera.x) * clip.x, (camera.y - cell.y) * clip.y, 0.0, 1.0);
}
`;

export const SPRITE_VERTEX = `#version 300 es
${PLACE}
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 box;
layout(location = 2) in vec4 look;  // tile, alpha, part, angle
out vec3 uvTile;
out float alpha;
void main() {
  gl_Position = place(box, look.w, corner);
  float quarter = look.z - 1.0;
  vec2 uv = look.z < 0.5 ? corner : 0.5 * (corner + vec2(mod(quarter, 2.0), floor(quarter / 2.0)));
  uvTile = vec3(uv, look.x);
  alpha = look.y;
}`;

export const SPRITE_FRAGMENT = `#version 300 es
precision mediump float;
precision mediump sampler2DArray;
uniform sampler2DArray atlas;
in vec3 uvTile;
in float alpha;
out vec4 color;
void main() { color = texture(atlas, uvTile) * alpha; }`;

export const SHAPE_VERTEX = `#version 300 es
${PLACE}
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 box;
layout(location = 2) in vec3 form;  // angle, form, thickness
layout(location = 3) in vec4 paint;
out vec2 at;        // in cells from the middle
out vec2 halfSize;
out vec2 kind;      // form, thickness
out vec4 rgba;
void main() {
  gl_Position = place(box, form.x, corner);
  at = (corner - 0.5) * box.zw;
  halfSize = 0.5 * box.zw;
  kind = form.yz;
  rgba = paint;
}`;

export const SHAPE_FRAGMENT = `#version 300 es
precision highp float;
in vec2 at;
in vec2 halfSize;
in vec2 kind;
in vec4 rgba;
out vec4 color;
void main() {
  float inside = min(halfSize.x - abs(at.x), halfSize.y - abs(at.y));
  if (kind.x == 1.0 || kind.x == 3.0) inside = halfSize.x - length(at);
  if (kind.x >= 2.0) inside = min(inside, kind.y - inside);
  float edge = max(fwidth(inside), 1e-5);
  float cover = kind.x == 0.0 ? 1.0 : clamp(inside / edge + 0.5, 0.0, 1.0);
  color = vec4(rgba.rgb, 1.0) * rgba.a * cover;
}`;
