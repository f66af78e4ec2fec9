// What the vendored tus-js-client puts in the window: the part of it that static/rebond/pieces.js uses.
declare namespace tus {
  interface Reponse {
    getStatus(): number;
    getHeader(nom: string): string | undefined;
    getBody(): string;
  }
  interface Erreur extends Error {
    originalResponse: Reponse | null;
  }
  interface Reglages {
    endpoint: string;
    chunkSize: number;
    headers: Record<string, string>;
    metadata: Record<string, string>;
    retryDelays: number[];
    removeFingerprintOnSuccess: boolean;
    fingerprint(): Promise<string>;
    onProgress(recus: number): void;
    onShouldRetry(erreur: Erreur): boolean;
    onError(erreur: Erreur): void;
    onSuccess(): void;
  }
  class Upload {
    constructor(fichier: File, reglages: Reglages);
    url: string | null;
    abort(oublier?: boolean): Promise<void>;
    findPreviousUploads(): Promise<object[]>;
    resumeFromPreviousUpload(precedent: object): void;
    start(): void;
  }
  const isSupported: boolean;
}

interface Window {
  // Absent when the library could not be loaded.
  tus?: typeof tus;
}
