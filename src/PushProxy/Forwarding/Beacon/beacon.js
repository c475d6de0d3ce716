(()=>{let c=document.currentScript.src,D=document,n=performance.getEntriesByType("navigation")[0],f=0,l=0,
w=(t,g)=>{try{new PerformanceObserver(e=>e.getEntries().forEach(g)).observe({type:t,buffered:true})}catch{}},
r=t=>t?Math.max(0,Math.round(t-(n.activationStart||0))):"-",
h=()=>{if(!c||D.prerendering)return;
let m=D.querySelector('meta[http-equiv="content-security-policy" i]'),
b=[r(f),r(f&&l&&Math.max(f,l)),r(n.finalResponseHeadersStart||n.responseStart),r(n.firstInterimResponseStart),new URL(n.name).pathname].join(" ");
if(b.length<257&&!/(connect|default)-src(?![^;]*('self'|\*))/i.test(m&&m.content))navigator.sendBeacon(c,b);c=0};
if(!n||!n.transferSize||!D.prerendering&&D.visibilityState=="hidden")return;
w("paint",e=>{if(e.name=="first-contentful-paint")f=e.startTime});
w("largest-contentful-paint",e=>{l=e.startTime});
D.addEventListener("visibilitychange",()=>{if(D.visibilityState=="hidden")h()});
addEventListener("pagehide",h)})()
