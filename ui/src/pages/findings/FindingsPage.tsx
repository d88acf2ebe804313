export const FindingsPage = (_: { readonly id: string }) => <div />;
