/// The script of HTML reports: it filters, sorts, jumps and copies.
///
/// Everything is there to read without it.
enum PageScript {
    static let source: StaticString = #"""
        (function(){'use strict';
        var d=document,root=d.documentElement,q=new URLSearchParams(location.search);root.classList.add('js');
        function all(s,p){return Array.prototype.slice.call((p||d).querySelectorAll(s))}
        function remember(k,v){if(v)q.set(k,v);else q.delete(k);var s=q.toString();
          try{history.replaceState(null,'',location.pathname+(s?'?'+s:'')+location.hash)}catch(e){}}
        function theme(t){if(t)root.dataset.theme=t;else delete root.dataset.theme}
        theme(q.get('theme'));
        var button=d.getElementById('theme');
        if(button)button.addEventListener('click',function(){
          var dark=root.dataset.theme?root.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches;
          theme(dark?'light':'dark');remember('theme',root.dataset.theme)});
        // Filter: words and "phrases" that a row holds, v:broken for a verdict, d:2 for a cause, ! before what it must not hold.
        var box=d.getElementById('filter'),rows=all('[data-key]'),count=d.getElementById('shown');
        function filter(){if(!box)return;
          var terms=(box.value.toLowerCase().match(/!?(?:[vd]:)?(?:"[^"]*"|[^\s"]+)/g)||[]).map(function(t){
            var no=t[0]==='!';return{no:no,text:(no?t.slice(1):t).replace(/"/g,'')}});
          var shown=0;rows.forEach(function(row){
            var key=' '+row.dataset.key+' '+(row.querySelector('summary')||row).textContent.toLowerCase()+' ';
            var ok=terms.every(function(t){var hit=/^[vd]:/.test(t.text)?key.indexOf(' '+t.text+' ')>=0:key.indexOf(t.text)>=0;
              return hit!==t.no});
            row.hidden=!ok;if(ok&&row.tagName==='TR')shown++});
          if(count)count.textContent=terms.length?shown+' of '+rows.filter(function(r){return r.tagName==='TR'}).length:'';
          remember('f',box.value)}
        if(box){box.value=q.get('f')||'';box.addEventListener('input',filter);if(box.value)filter()}
        all('[data-filter]').forEach(function(b){b.addEventListener('click',function(e){
          if(box){e.preventDefault();box.value=box.value===b.dataset.filter?'':b.dataset.filter;filter();
            box.scrollIntoView({block:'center'})}})});
        // Sorting: a click on a column's heading, a second one turns it round.
        all('table.sortable thead th').forEach(function(th,i){
          var b=d.createElement('button');b.type='button';b.textContent=th.textContent;th.textContent='';th.appendChild(b);
          b.addEventListener('click',function(){
            var up=th.getAttribute('aria-sort')!=='ascending';
            all('th',th.parentNode).forEach(function(o){o.removeAttribute('aria-sort')});
            th.setAttribute('aria-sort',up?'ascending':'descending');
            var body=th.closest('table').tBodies[0];
            Array.prototype.slice.call(body.rows).sort(function(a,b){
              var x=a.cells[i],y=b.cells[i],n=x.dataset.sort!==undefined?x.dataset.sort-y.dataset.sort
                :x.textContent<y.textContent?-1:x.textContent>y.textContent?1:0;
              return up?n:-n}).forEach(function(r){body.appendChild(r)})})});
        // Copying.
        d.addEventListener('click',function(e){
          var b=e.target.closest&&e.target.closest('[data-copy]');if(!b)return;
          var done=function(){var t=b.textContent;b.textContent='copied';setTimeout(function(){b.textContent=t},1200)};
          function old(){var a=d.createElement('textarea');a.value=b.dataset.copy;d.body.appendChild(a);a.select();
            try{d.execCommand('copy');done()}finally{a.remove()}}
          if(navigator.clipboard)navigator.clipboard.writeText(b.dataset.copy).then(done,old);else old()});
        // A link to something inside a closed session opens it.
        function reveal(){var id;try{id=decodeURIComponent(location.hash.slice(1))}catch(e){return}
          var t=id&&d.getElementById(id);if(!t)return;
          for(var n=t;n;n=n.parentElement)if(n.tagName==='DETAILS')n.open=true;t.scrollIntoView()}
        addEventListener('hashchange',reveal);reveal();
        addEventListener('beforeprint',function(){all('details.session').forEach(function(x){x.dataset.was=x.open?'1':'';x.open=true})});
        addEventListener('afterprint',function(){all('details.session').forEach(function(x){x.open=x.dataset.was==='1'})});
        // Keys.
        function go(selector,step){
          var list=all(selector).filter(function(x){return!x.hidden});if(!list.length)return;
          var at=list.findIndex(function(x){return x.contains(d.activeElement)||(x.id&&x.id===location.hash.slice(1))});
          var next=list[at<0?(step>0?0:list.length-1):Math.min(list.length-1,Math.max(0,at+step))];
          if(next.tagName==='DETAILS')next.open=true;
          var f=next.querySelector('summary,a,button')||next;next.scrollIntoView({block:'start'});f.focus({preventScroll:true})}
        d.addEventListener('keydown',function(e){
          if(e.ctrlKey||e.metaKey||e.altKey)return;
          if(e.target.tagName==='INPUT'){if(e.key==='Escape'){box.value='';filter();box.blur()}return}
          var act={'/':function(){if(box){box.focus();box.select()}},j:function(){go('details.session',1)},
            k:function(){go('details.session',-1)},n:function(){go('.cause',1)},p:function(){go('.cause',-1)},
            '?':function(){var h=d.getElementById('keys');if(h){h.open=!h.open;h.scrollIntoView({block:'center'})}}}[e.key];
          if(act){e.preventDefault();act()}});
        })();
        """#
}
