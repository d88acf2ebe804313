export const ChainsPage = (_: { readonly id: string }) => <div />;
