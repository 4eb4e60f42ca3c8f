// Calls the page's codec for tests: reads a JSON list of [name, ...arguments] and writes the list of results.
// The argument is the folder of the page's common scripts.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/${name}`));
const codec = await load("codec.js");
const { Face } = await load("face.js");

const calls = {
  ...codec,
  editKinds: () => Object.keys(codec.EDIT_KINDS),
  methods: () => codec.METHODS,
  /** The request of the page's sliders after they have loaded a face. */
  throughSliders: (face, nz) => new Face(nz, nz).load(face).request,
};
const results = JSON.parse(readFileSync(0, "utf8")).map(([name, ...args]) => calls[name](...args));
process.stdout.write(JSON.stringify(results));
