export const StatusPage = (_: { readonly id: string }) => <div />;
