// Constants of WebGPU, which TypeScript's own types of the browser lack.

declare const GPUBufferUsage: { STORAGE: number; UNIFORM: number; COPY_DST: number };
declare const GPUTextureUsage: { STORAGE_BINDING: number; RENDER_ATTACHMENT: number };
