import { html } from './html';

describe('html', () => {
  it('escapes what it is given, within text and within attributes', () => {
    const hostile = `"><script>alert('x')</script>&`;
    expect(html`<a title="${hostile}">${hostile}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('leaves its own output alone, in lists too, and prints nothing for what is absent', () => {
    const items = ['a', '<b>'].map((item) => html`<b>${item}</b>`);
    expect(html`<p>${items}${false}${undefined}${0}</p>`.text).toBe('<p><b>a</b><b>&lt;b&gt;</b>0</p>');
  });
});
