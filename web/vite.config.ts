import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./",
  build: { outDir: "dist", target: "es2022", assetsInlineLimit: 0 },
  test: { environment: "jsdom", include: ["tests/unit/**/*.test.ts"] },
});
