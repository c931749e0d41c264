
// Which programs a section consists of, where they stand and what each must be, is a table that comes with the first of
// them: it would else be a twentieth of what everybody downloads before signing in. A failed download is forgotten, so
// that the next try asks again.
let asked;
function table() {
    asked ??= fetch(new URL("./sections.json", import.meta.url)).then((answer) => answer.json());
    asked.catch(() => (asked = undefined));
    return asked;
}
const parts = new Map();
function part(name) {
    if (!parts.has(name)) {
        const loading = load(name);
        loading.catch(() => parts.delete(name));
        parts.set(name, loading);
    }
    return parts.get(name);
}
async function load(name) {
    const { url, integrity, needs = [], lengths } = (await table())[name];
    const source = fetch(url, { integrity });
    source.catch(() => {});
    if (lengths) return shared(await source, lengths);
    await Promise.all(needs.map(part));
    await WebAssembly.instantiateStreaming(source, getSharedImports());
}
// What sections share comes as programs one after the other. All are compiled before the first one runs: so a try that
// fails has changed nothing. An answer that is no file fails by its integrity.
async function shared(answer, lengths) {
    const bytes = await answer.arrayBuffer();
    let end = 0;
    const slices = lengths.map((length) => bytes.slice(end, (end += length)));
    const programs = await Promise.all(slices.map((slice) => WebAssembly.compile(slice)));
    await Promise.all(programs.map((program) => WebAssembly.instantiate(program, getSharedImports())));
}
