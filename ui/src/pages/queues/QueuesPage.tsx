export const QueuesPage = (_: { readonly id: string }) => <div />;
