/** Version of the model and of the explorer. Raised whenever the same schedule could give another trace. */
export const ENGINE_VERSION = '1';
