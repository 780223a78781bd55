/** The name of the product is the same in every language. */
export const Brand = ({ href }: { href: string }) => (
  <a class="brand" href={href}>
    <span class="tile" aria-hidden="true">
      锦
    </span>
    <span lang="zh-CN">JMC 锦木通信</span>
  </a>
);
