// Shrinks WebAssembly files in place, as `wasm-opt -Oz --strip-debug --strip-producers` does each: started in `frontend`,
// whose package it takes. One process shrinks many files, since Binaryen takes longer to start than for most of them.

import { readFile, writeFile } from "node:fs/promises";
import binaryen from "binaryen";

const { Features } = binaryen;
// What the browsers of the last years understand. With all features it would write imports that Chromium refuses.
const understood = [
  Features.BulkMemory,
  Features.BulkMemoryOpt,
  Features.NontrappingFPToInt,
  Features.SignExt,
  Features.MutableGlobals,
  Features.ReferenceTypes,
  Features.Multivalue,
  Features.CallIndirectOverlong,
].reduce((all, one) => all | one, Features.MVP);

// -Oz
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);
for (const file of process.argv.slice(1)) {
  const program = binaryen.readBinary(new Uint8Array(await readFile(file)), understood);
  program.optimize();
  program.runPasses(["strip-debug", "strip-producers"]);
  await writeFile(file, program.emitBinary());
  program.dispose();
}
