// Answers that report progress: one JSON object a line, sent while the server works.

/**
 * Reads the objects of such an answer as they arrive. A last line that is cut short is left out.
 * @param {ReadableStream<BufferSource> | null} stream
 * @returns {AsyncGenerator<any>}
 */
export async function* readJsonLines(stream) {
  if (!stream) return;
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield JSON.parse(part);
  }
}

/**
 * A sentence for work that waits in the server's queue.
 * @param {number} place 1 is next
 * @param {{ one: string, many: string }} work that is done first, such as "Another film is being made"
 */
export function queueSentence(place, { one, many }) {
  if (place === 1) return `${one}; yours is next.`;
  return `${many}; yours is number ${place} in the queue.`;
}
