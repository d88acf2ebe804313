export const QueuePage = (_: { readonly id: string }) => <div />;
