// Draws a list of sprites and shapes with WebGL2: one buffer each, one instanced call per run.

import type { Camera } from "../state";
import type { Size } from "./camera";
import type { Color, DrawList, Run } from "./draw_list";
import { SHAPE_FRAGMENT, SHAPE_VERTEX, SPRITE_FRAGMENT, SPRITE_VERTEX } from "./shaders";

const FLOAT_BYTES = 4;

/** Instances on the graphics card, and the version of the list that they were copied from. */
interface Copy {
  buffer: WebGLBuffer;
  version: number;
}

/** One of the two programs; `inputs` are the sizes of its instance attributes. */
class Program {
  private readonly program: WebGLProgram;
  private readonly array: WebGLVertexArrayObject;
  private readonly stride: number;
  private readonly camera: WebGLUniformLocation | null;
  private readonly clip: WebGLUniformLocation | null;
  private readonly copies = new WeakMap<DrawList, Copy>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    vertex: string,
    fragment: string,
    private readonly inputs: readonly number[],
    corners: WebGLBuffer,
  ) {
    this.program = linked(gl, vertex, fragment);
    this.camera = gl.getUniformLocation(this.program, "camera");
    this.clip = gl.getUniformLocation(this.program, "clip");
    this.stride = inputs.reduce((sum, size) => sum + size, 0) * FLOAT_BYTES;
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  }

  /** Copies a list's instances to the graphics card, if they have changed. */
  upload(list: DrawList, data: Float32Array, length: number): void {
    const { gl } = this;
    const copy = this.copies.get(list) ?? { buffer: gl.createBuffer(), version: -1 };
    if (copy.version === list.version) return;
    copy.version = list.version;
    this.copies.set(list, copy);
    gl.bindBuffer(gl.ARRAY_BUFFER, copy.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data.subarray(0, length), gl.STREAM_DRAW);
  }

  draw(list: DrawList, run: Run, camera: Camera, size: Size): void {
    const { gl } = this;
    gl.useProgram(this.program);
    gl.uniform2f(this.camera, camera.x, camera.y);
    gl.uniform2f(this.clip, (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.copies.get(list)!.buffer);
    let offset = run.first * this.stride;
    for (const [index, floats] of this.inputs.entries()) {
      gl.enableVertexAttribArray(index + 1);
      gl.vertexAttribPointer(index + 1, floats, gl.FLOAT, false, this.stride, offset);
      gl.vertexAttribDivisor(index + 1, 1);
      offset += floats * FLOAT_BYTES;
    }
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, run.count);
  }
}

export class Renderer {
  readonly gl: WebGL2RenderingContext;
  private readonly sprites: Program;
  private readonly shapes: Program;
  private atlas: WebGLTexture | null = null;

  /** Throws Error with one line if the browser has no WebGL2. */
  constructor(readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
    if (gl === null) throw new Error("this browser has no WebGL2, with which the map is drawn");
    this.gl = gl;
    const corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.sprites = new Program(gl, SPRITE_VERTEX, SPRITE_FRAGMENT, [4, 4], corners);
    this.shapes = new Program(gl, SHAPE_VERTEX, SHAPE_FRAGMENT, [4, 3, 4], corners);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Sprites are not drawn before there is an atlas. */
  setAtlas(atlas: WebGLTexture | null): void {
    this.atlas = atlas;
  }

  /** Makes the canvas as sharp as the screen. `size` is in CSS pixels. */
  resize(size: Size): void {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.gl.viewport(0, 0, width, height);
  }

  /** Draws lists over each other. */
  draw(lists: readonly DrawList[], camera: Camera, size: Size, background: Color): void {
    const gl = this.gl;
    gl.clearColor(...background);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.atlas);
    for (const list of lists) {
      this.sprites.upload(list, list.sprites.data, list.sprites.length);
      this.shapes.upload(list, list.shapes.data, list.shapes.length);
      for (const run of list.runs) {
        if (run.sort === "shapes") this.shapes.draw(list, run, camera, size);
        else if (this.atlas !== null) this.sprites.draw(list, run, camera, size);
      }
    }
  }
}

function linked(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`a shader does not link: ${gl.getProgramInfoLog(program) ?? ""}`);
  }
  return program;
}
